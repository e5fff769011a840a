"""What every part of a settings file has in common, and what is wrong with one, in the words of the desk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]
"""Text that is safe in a file name and in an address."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


def _published(address: str) -> str:
    """Refuse what is no plain folder on the web: what a page's name is hung on must have no query and no secret."""
    parts = urlsplit(address)
    plain = _WEB_ADDRESS.fullmatch(address) and parts.hostname and parts.username is None
    if not plain:
        msg = "muss eine Webadresse mit https:// sein, ohne Zugangsdaten, Leerzeichen, ? und #"
        raise ValueError(msg)
    return address


_WEB_ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?")

WebAddress = Annotated[str, StringConstraints(max_length=200), AfterValidator(_published)]
"""A folder on the web, with `https://`."""


class Part(BaseModel):
    """A table of a settings file: never changed, and no entry it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


_FAULTS = {
    "missing": "fehlt",
    "extra_forbidden": "unbekannter Eintrag",
    "enum": "erlaubt ist nur {expected}",
    "literal_error": "erlaubt ist nur {expected}",
    "string_type": "muss Text sein",
    "string_pattern_mismatch": "nur Buchstaben, Ziffern, Punkt, Binde- und Unterstrich, höchstens 40 Zeichen",
    "string_too_short": "darf nicht leer sein",
    "string_too_long": "ist zu lang (höchstens {max_length} Zeichen)",
    "date_type": "muss ein Datum sein, z. B. 2022-03-28",
    "date_from_datetime_parsing": "muss ein Datum sein, z. B. 2022-03-28",
    "date_from_datetime_inexact": "muss ein Datum ohne Uhrzeit sein, z. B. 2022-03-28",
    "date_parsing": "muss ein Datum sein, z. B. 2022-03-28",
    "float_type": "muss eine Zahl sein",
    "float_parsing": "muss eine Zahl sein",
    "int_type": "muss eine ganze Zahl sein",
    "int_parsing": "muss eine ganze Zahl sein",
    "bool_type": "muss true oder false sein",
    "bool_parsing": "muss true oder false sein",
    "greater_than": "muss größer als {gt} sein",
    "greater_than_equal": "muss mindestens {ge} sein",
    "less_than_equal": "darf höchstens {le} sein",
    "tuple_type": "muss eine Liste sein",
    "dict_type": "muss eine Tabelle sein",
    "model_type": "muss eine Tabelle sein",
    "too_short": "braucht mindestens {min_length} Eintrag",
    "value_error": "{error}",
}


def in_german(error: ValidationError) -> str:
    """
    Say what is wrong with each entry.

    Parameters
    ----------
    error
        What pydantic raised.

    Returns
    -------
    text
        Every entry by its path in the file, and what it must be.
    """
    return "; ".join(
        f"{'.'.join(str(step) for step in fault['loc']) or 'Datei'}: {_worded(fault)}" for fault in error.errors()
    )


def _worded(fault: ErrorDetails) -> str:
    text = _FAULTS.get(fault["type"])
    return fault["msg"] if text is None else text.format(**fault.get("ctx", {}))
