"""One wide table per place: the counts of the connections and the metres of the trenches side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rollout.analysis.progress import MEASURES, district_progress, roll_up, trench_progress
from rollout.vocabulary import Drive, Level

if TYPE_CHECKING:
    import pandas as pd

    from rollout.analysis.state import State

_LENGTHS = ("planned_m", "done_m")


def district_table(state: State, *, by: Level = Level.DISTRICT, drive: Drive = Drive.FUNDED) -> pd.DataFrame:
    """
    Return the progress of every district, phase or programme as one row.

    Parameters
    ----------
    state
        The programme on one day.
    by
        What one row is: a district within its phase, a phase, or a programme.
    drive
        Which population of connections is counted; the two are never added up.

    Returns
    -------
    table
        One row per place, two programmes never in one. Keys `programme_id`, `phase_id`, `district_id` as far
        as the level has them, and `district` (name); whole numbers `listed`, `dropped`, `counted`, `refused`,
        `no_data`, `passed`, `passed_other_definition`, `prepared`, `connected`, `activated`, `reachable`; metres
        `new_duct_planned_m`, `new_duct_done_m`, `co_used_…`, `cable_…`. Definitions: `docs/definitions.md`.
    """
    targets = district_progress(state)
    counts = roll_up(targets[targets["drive"] == drive], by).drop(columns="drive")
    metres = roll_up(trench_progress(state), by)
    keys = [name for name in ("programme_id", "phase_id", "district_id") if name in counts]
    table = counts.merge(_side_by_side(metres, keys), on=keys, how="outer", sort=True)
    figures = [name for name in table.columns if name not in keys]
    table[figures] = table[figures].fillna(0)
    whole = [name for name in counts.columns if name not in keys]
    return _named(table.astype(dict.fromkeys(whole, "int64")), state)


def _side_by_side(metres: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    wide = metres[keys].drop_duplicates(ignore_index=True)
    for measure in MEASURES:
        rows = metres[metres["measure"] == measure]
        renamed = {name: f"{measure}_{name}" for name in _LENGTHS}
        wide = wide.merge(rows[[*keys, *_LENGTHS]].rename(columns=renamed), on=keys, how="left")
    return wide


def _named(table: pd.DataFrame, state: State) -> pd.DataFrame:
    if "district_id" not in table:
        return table
    names = state.districts.set_index("district_id")["name"]
    position = list(table.columns).index("district_id") + 1
    table.insert(position, "district", table["district_id"].map(names).astype("string"))
    return table
