"""Accepted places for a GIS: what is to be changed in the project's own layers, as one CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = {
    "proposal_id": "vorschlag",
    "entity_id": "kennung",
    "what": "adresse",
    "x_now": "x_alt",
    "y_now": "y_alt",
    "x": "x_neu",
    "y": "y_neu",
    "distance_m": "meter",
    "author": "von",
    "remark": "bemerkung",
    "decided_by": "angenommen_von",
    "decided_why": "grund",
}


def as_csv(rows: pd.DataFrame) -> bytes:
    """
    Write accepted places for a GIS.

    Parameters
    ----------
    rows
        As `analysis.corrections.to_change` returns them.

    Returns
    -------
    content
        UTF-8, commas and decimal points, coordinates in `METRIC_CRS` to the centimetre; a text that a spreadsheet
        would take for a formula begins with an apostrophe.
    """
    told = rows[list(_COLUMNS)].rename(columns=_COLUMNS)
    texts = told.select_dtypes(exclude="number").columns
    told[texts] = told[texts].apply(lambda column: column.map(_harmless, na_action="ignore"))
    numbers = {name: told[name].round(2) for name in told.columns.difference(texts)}
    return told.assign(**numbers).to_csv(index=False, lineterminator="\r\n").encode()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
