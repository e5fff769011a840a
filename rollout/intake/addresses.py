"""One spelling for each street and each house number, however people and programs write them."""

from __future__ import annotations

import re
import unicodedata

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_SHORT = (("strasse", "str"), ("strase", "str"), ("platz", "pl"), ("sankt", "st"))
_FRACTIONS = {"½": " 1/2", "¼": " 1/4", "¾": " 3/4"}
_DASHES = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*|\s+bis\s+")
_SLASH = re.compile(r"\s*/\s*")
_NUMBER = re.compile(r"(?:nr\.?\s*)?(\d.*)")
_BETWEEN = re.compile(r"(?<=\d)\s+(?=[a-z])|(?<=[a-z])\s+(?=\d)|(?<=[a-z])\s+(?=[a-z])")
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


def street_key(street: str) -> str:
    """
    Return what all spellings of a street have in common.

    Parameters
    ----------
    street
        E.g. `Görresstraße`, `GOERRES-STR.`, `Görres Strasse`.

    Returns
    -------
    key
        Lower-case letters and digits alone; the key of a key is itself.
    """
    # Composing comes first: a decomposed ä would lose its dots before it could become ae.
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", street).casefold()).translate(_UMLAUTS)
    plain = unicodedata.normalize("NFKD", folded).casefold()
    key = "".join(letter for letter in plain if letter.isalnum())
    for long, short in _SHORT:
        while long in key:
            key = key.replace(long, short)
    return key


def number_key(number: str) -> str:
    """
    Return what all spellings of a house number have in common.

    Parameters
    ----------
    number
        E.g. `12 A`, `12a`, `012a`, `12 - 14`, `12 1/2`, `12½`.

    Returns
    -------
    key
        E.g. `12a`, `12-14`, `12 1/2`; different numbers have different keys. The key of a key is itself.
    """
    for sign, written in _FRACTIONS.items():
        number = number.replace(sign, written)
    folded = " ".join(unicodedata.normalize("NFKC", number).casefold().split()).strip(" .,;")
    found = _NUMBER.fullmatch(folded)
    key = found[1] if found else folded
    key = _SLASH.sub("/", _DASHES.sub("-", key))
    return _ZEROS.sub("", _BETWEEN.sub("", key))


def postcode_key(postcode: str) -> str:
    """
    Return a postcode with the zeros that a spreadsheet takes away.

    Parameters
    ----------
    postcode
        E.g. `51379`, `1067`, `D-51379`.

    Returns
    -------
    key
        Five digits where it has up to five, else the text.
    """
    digits = re.sub(r"^D\s*-\s*|\s", "", postcode, flags=re.IGNORECASE)
    return digits.zfill(5) if digits.isdecimal() else digits
