"""Which target a row means: by id, else by street, house number and postcode; never by a guess."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from rollout.intake.addresses import number_key, postcode_key, street_key
from rollout.intake.values import first_of, mapped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rollout.intake.table import Array

MARGIN = 3.0
"""A similar street must be so much likelier than the next, in percent."""

SIMILAR_AT_MOST = 20_000
"""So many distinct unknown streets are compared; a file with more is not about this city."""

LISTED = 200
"""For so many rows candidates are looked for."""

CANDIDATES = 5
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Match:
    """
    Which object each row means.

    Attributes
    ----------
    ids
        Identifier, or `<NA>`; n rows.
    how
        `id`, `address`, `similar` or `geometry`, or `<NA>`; n rows.
    ambiguous
        Positions of rows that fit several.
    unmatched
        Positions of rows that fit none.
    differs
        Positions of rows whose id belongs to another address, or another place.
    candidates
        Position → what it might mean, for the first `LISTED` rows that are not matched.
    """

    ids: pd.Series[str]
    how: pd.Series[str]
    ambiguous: Array
    unmatched: Array
    differs: Array
    candidates: dict[int, tuple[str, ...]]


class Directory:
    """
    The addresses of the project, ready to be looked up.

    Parameters
    ----------
    targets
        The project's targets: `target_id`, `street`, `house_number`, `postcode`.
    """

    def __init__(self, targets: pd.DataFrame) -> None:
        keys = _address_keys(targets["street"], targets["house_number"], targets["postcode"])
        self.keys = keys.assign(target_id=targets["target_id"].to_numpy()).reset_index(drop=True)
        self.labels: dict[str, str] = {
            id_: f"{street} {number}, {postcode} ({id_})"
            for id_, street, number, postcode in zip(
                *(
                    targets[name].fillna("?").to_numpy(dtype=object)
                    for name in ("target_id", "street", "house_number", "postcode")
                ),
                strict=True,
            )
        }
        spelled = zip(self.keys["street"], self.keys["number"], strict=True)
        self.addresses = first_of(self.keys["target_id"], pd.Series(list(spelled), dtype=object))
        named = self.keys.dropna(subset=["street"])
        self.streets: dict[str | None, list[str]] = {None: sorted(named["street"].unique())}
        self.streets |= {str(code): sorted(group.unique()) for code, group in named.groupby("postcode")["street"]}
        self._numbered: dict[tuple[str | None, ...], list[str]] = {}
        for code, names in self.streets.items():
            for name in names:
                self._numbered.setdefault((code, *_DIGITS.findall(name)), []).append(name)
        self.at = _grouped(self.keys, ["postcode", "street", "number"]) | _grouped(self.keys, ["street", "number"])

    def resolve(self, street: str, postcode: str | None, least: float) -> str | None:
        """Return the street of that postcode which is meant, or None where none or several are alike."""
        known = self.streets.get(postcode, [])
        if street in known:
            return street
        alike = self.similar(street, postcode, least, limit=2)
        if not alike or (len(alike) > 1 and alike[0][1] - alike[1][1] < MARGIN):
            return None
        return alike[0][0]

    def similar(self, street: str, postcode: str | None, least: float, limit: int) -> list[tuple[str, float]]:
        """Return streets of that postcode by likeness; numbers in their names must be the same."""
        known = self._numbered.get((postcode, *_DIGITS.findall(street)), [])
        found = process.extract(street, known, scorer=fuzz.ratio, score_cutoff=least, limit=limit)
        return [(name, score) for name, score, _ in found]

    def ids(self, postcode: str | None, street: str | None, number: str | None) -> tuple[str, ...]:
        """Return the targets at an address; without a postcode those of all."""
        key = (street, number) if postcode is None else (postcode, street, number)
        return self.at.get(key, ())


def _grouped(keys: pd.DataFrame, columns: list[str]) -> dict[tuple[str | None, ...], tuple[str, ...]]:
    found: dict[tuple[str | None, ...], list[str]] = {}
    complete = keys.dropna(subset=columns)
    for key, id_ in zip(_tuples(*(complete[name] for name in columns)), complete["target_id"], strict=True):
        found.setdefault(key, []).append(id_)
    return {key: tuple(ids) for key, ids in found.items()}


def _address_keys(street: pd.Series[str], number: pd.Series[str], postcode: pd.Series[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "street": mapped(street, street_key),
            "number": mapped(number, number_key),
            "postcode": mapped(postcode, postcode_key),
        }
    ).astype(object)


def match_targets(rows: pd.DataFrame, targets: pd.DataFrame | Directory, street_similarity: float) -> Match:
    """
    Find the target each row means.

    Parameters
    ----------
    rows
        n rows with `target_id`, `street`, `house_number`, `suffix`, `postcode`, dtype `string`; index 0 to n-1.
    targets
        The project's targets, or the directory of them where it is looked up for several files.
    street_similarity
        Least likeness of two street names, in percent; the house number is always compared exactly.

    Returns
    -------
    match
        n answers. A known id decides; else the address must fit exactly one target.
    """
    directory = targets if isinstance(targets, Directory) else Directory(targets)
    whole = rows["house_number"].str.cat(rows["suffix"].fillna(""), sep=" ").str.strip()
    keys = _address_keys(rows["street"], whole, rows["postcode"])
    resolved = _resolve(keys, directory, street_similarity)
    found = [directory.ids(*key) for key in _tuples(keys["postcode"], resolved, keys["number"])]
    counts = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
    by_id = np.array([id_ in directory.addresses for id_ in rows["target_id"].to_numpy(dtype=object)], dtype=bool)
    one, several = ~by_id & (counts == 1), ~by_id & (counts > 1)
    ids = rows["target_id"].where(by_id)
    ids[one] = pd.array([found[at][0] for at in np.flatnonzero(one)], dtype="string")
    exactly = (resolved == keys["street"]).to_numpy()
    how = pd.Series(np.select([by_id, one & exactly, one], ["id", "address", "similar"], ""), dtype="string")
    unmatched = np.flatnonzero(~by_id & (counts == 0))
    candidates = {int(at): tuple(directory.labels[id_] for id_ in found[at]) for at in np.flatnonzero(several)[:LISTED]}
    for at in unmatched[:LISTED]:
        candidates[int(at)] = _candidates(directory, *keys.iloc[at][["street", "number", "postcode"]])
    differs = _differing(ids.where(by_id), keys, directory)
    return Match(ids, how.mask(how == ""), np.flatnonzero(several), unmatched, differs, candidates)


def _tuples(*columns: pd.Series[str]) -> Iterable[tuple[str | None, ...]]:
    return zip(*(column.where(column.notna(), None).to_numpy(dtype=object) for column in columns), strict=True)


def _resolve(keys: pd.DataFrame, directory: Directory, least: float) -> pd.Series[str]:
    """Resolve each distinct pair of street and postcode once."""
    pairs = list(_tuples(keys["street"], keys["postcode"]))
    answers: dict[tuple[str | None, ...], str | None] = {}
    compared = 0
    for street, postcode in dict.fromkeys(pairs):
        if street is None or street in directory.streets.get(postcode, ()):
            answers[street, postcode] = street
        elif compared < SIMILAR_AT_MOST:
            compared += 1
            answers[street, postcode] = directory.resolve(street, postcode, least)
    return pd.Series([answers.get(pair) for pair in pairs], index=keys.index, dtype=object)


def _candidates(directory: Directory, street: str | None, number: str | None, postcode: str | None) -> tuple[str, ...]:
    if not isinstance(street, str):
        return ()
    area = postcode if postcode in directory.streets else None
    streets = [name for name, _ in directory.similar(street, area, 60, limit=2)] or [
        name for name, _ in directory.similar(street, None, 60, limit=2)
    ]
    near = directory.keys[directory.keys["street"].isin(streets)]
    wanted = _leading(number)
    order = sorted(
        zip(near["street"], near["number"], near["target_id"], strict=True),
        key=lambda at: (streets.index(at[0]), abs(_leading(at[1]) - wanted), str(at[1])),
    )
    return tuple(directory.labels[id_] for _, _, id_ in order[:CANDIDATES])


def _leading(number: object) -> int:
    found = re.match(r"\d{1,6}", number) if isinstance(number, str) else None
    return int(found[0]) if found else 0


def _differing(ids: pd.Series[str], keys: pd.DataFrame, directory: Directory) -> Array:
    """Rows matched by id that also state an address, and another one."""
    stated = (ids.notna() & keys["number"].notna() & keys["street"].notna()).to_numpy()
    at = np.flatnonzero(stated)
    said = zip(*(column.to_numpy(dtype=object)[at] for column in (ids, keys["street"], keys["number"])), strict=True)
    same = [_is_alike(street, number, *directory.addresses[id_]) for id_, street, number in said]
    return np.asarray(at[~np.asarray(same, dtype=bool)])


def _is_alike(street: str, number: str, known_street: object, known_number: object) -> bool:
    same_number = number == known_number
    # A misspelling, not another street.
    return same_number and isinstance(known_street, str) and fuzz.ratio(street, known_street) > 80  # noqa: PLR2004
