"""What the rows say: programmes and phases that exist, statuses with date and reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from rollout.analysis.checks.desk import in_project_file
from rollout.analysis.names import recognise, suggest
from rollout.vocabulary import BLOCKED, DROPPED, REFUSED, Category
from rollout.wording import date

if TYPE_CHECKING:
    import geopandas as gpd

    from rollout.analysis.checks.desk import Desk
    from rollout.analysis.names import Match
    from rollout.findings import Finding
    from rollout.project import Project

NEED_A_REASON = (BLOCKED, REFUSED, DROPPED)


def check_references(desk: Desk, project: Project) -> list[Finding]:
    """
    Check that the programmes and phases that rows name exist and belong together.

    Parameters
    ----------
    desk
        The layer.
    project
        Names them.

    Returns
    -------
    findings
        Unknown programmes and phases, and phases of another programme.
    """
    programmes = [programme.id for programme in project.programmes]
    phases = {phase.id: phase.programme for phase in project.phases}
    findings = _unknown(desk, "programme_id", programmes, "unknown-programme")
    findings += _unknown(desk, "phase_id", list(phases), "unknown-phase")
    if desk.has("programme_id", "phase_id"):
        said, belongs = desk.text("programme_id"), desk.text("phase_id").map(phases)
        differs = belongs.notna() & said.isin(programmes) & said.ne(belongs)
        findings += desk.report(
            "phase-programme",
            differs,
            lambda at: f"Der Bauabschnitt gehört zum Projekt „{belongs[at]}“, hier steht „{said[at]}“.",
            "phase_id",
        )
    return findings


def _unknown(desk: Desk, column: str, known: list[str], rule: str) -> list[Finding]:
    if not desk.has(column):
        return []
    values = desk.text(column)

    def say(at: int) -> str:
        near = suggest(values[at], known)
        guess = f" Gemeint: {near}?" if near else ""
        return f"„{values[at][:80]}“ steht nicht in rollout.toml.{guess} Bekannt: {', '.join(known) or 'nichts'}."

    return desk.report(rule, values.notna() & ~values.isin(known), say, column)


def check_project_districts(districts: gpd.GeoDataFrame, project: Project) -> list[Finding]:
    """
    Check that the districts named in the project file exist.

    Parameters
    ----------
    districts
        The layer.
    project
        Names districts in its phases, goals and variants.

    Returns
    -------
    findings
        One per name and place that means no district.
    """
    if not {"name", "district_id"} <= set(districts.columns):
        return []
    named = [(f"Bauabschnitt {phase.id}", part.district) for phase in project.phases for part in phase.districts]
    named += [(f"Ziel {goal.measure}", name) for goal in project.goals for name in goal.districts]
    named += [("district_variants", name) for name in project.district_variants]
    matches = recognise((name for _, name in named), districts, project.district_variants)
    return [
        in_project_file("unknown-district", f"{where}: „{name}“ ist kein Stadtteil.{meant(matches[name])}")
        for where, name in dict.fromkeys(named)
        if matches[name].district_id is None
    ]


def meant(match: Match) -> str:
    """
    Say which district may have been meant.

    Parameters
    ----------
    match
        What a written name means.

    Returns
    -------
    question
        To stand after a sentence; empty where nothing is near.
    """
    return f" Gemeint: {match.suggestion}?" if match.suggestion else ""


def check_status(desk: Desk, project: Project) -> list[Finding]:
    """
    Check that a status has its date and, where it needs one, its reason.

    Parameters
    ----------
    desk
        The layer `segments` or `targets`.
    project
        Says the Stichtag.

    Returns
    -------
    findings
        Missing or future dates, missing or idle reasons.
    """
    if not desk.has("status"):
        return []
    status = desk.text("status")
    return [*_check_dates(desk, status, project), *_check_reasons(desk, status), *_check_before(desk, status)]


def _check_dates(desk: Desk, status: pd.Series, project: Project) -> list[Finding]:
    if not desk.has("status_since"):
        return []
    since = pd.to_datetime(desk.rows["status_since"], errors="coerce").reset_index(drop=True)
    findings = desk.report(
        "status-without-date",
        status.notna() & since.isna(),
        lambda at: f"Der Status „{status[at]}“ hat kein Datum.",
        "status_since",
    )
    day = date(project.as_of)
    return findings + desk.report(
        "status-in-future",
        since > pd.Timestamp(project.as_of),
        lambda at: f"{date(since[at].date())} liegt nach dem Stichtag {day}.",
        "status_since",
    )


def _check_reasons(desk: Desk, status: pd.Series) -> list[Finding]:
    needs = status.isin(NEED_A_REASON)
    given = desk.text("reason").notna() if desk.has("reason") else pd.Series(False, index=status.index)
    findings = desk.report(
        "reason-missing", needs & ~given, lambda at: f"Der Status „{status[at]}“ braucht einen Grund.", "reason"
    )
    return findings + desk.report(
        "reason-without-cause",
        given & ~needs,
        lambda at: f"Ein Grund passt nicht zum Status „{'' if pd.isna(status[at]) else status[at]}“.",
        "reason",
    )


def _check_before(desk: Desk, status: pd.Series) -> list[Finding]:
    if desk.layer.name != "segments":
        return []
    blocked = status.eq(BLOCKED).fillna(False)
    none = pd.Series(np.zeros(len(status), dtype=bool))
    given = desk.text("status_before").notna() if desk.has("status_before") else none
    findings = desk.report(
        "status-before-without-block",
        given & ~blocked,
        lambda _: "Ein Status vor der Sperrung steht bei einer Trasse, die nicht gesperrt ist.",
        "status_before",
    )
    return findings + desk.report(
        "block-without-status-before",
        blocked & ~given,
        lambda _: "Der Stand vor der Sperrung fehlt; die Trasse zählt als nicht gebaut.",
        "status_before",
    )


def check_institutions(desk: Desk) -> list[Finding]:
    """
    Check that no household is named like an institution.

    Parameters
    ----------
    desk
        The layer `targets`.

    Returns
    -------
    findings
        One per household with a name.
    """
    if not desk.has("category", "institution"):
        return []
    where = desk.text("category").eq(Category.HOUSEHOLD) & desk.text("institution").notna()
    return desk.report(
        "household-institution", where, lambda _: "Ein Haushalt trägt den Namen einer Einrichtung.", "institution"
    )


def check_addresses(desk: Desk) -> list[Finding]:
    """
    Check that no address is listed twice.

    Parameters
    ----------
    desk
        The layer `targets`.

    Returns
    -------
    findings
        One per target that shares programme, category and address with another.
    """
    parts = ["programme_id", "category", "postcode", "street", "house_number"]
    if not desk.has(*parts):
        return []
    addresses = pd.DataFrame({part: _numbered(desk.text(part)) for part in parts})
    twins = ((addresses >= 0).all(axis=1) & addresses.duplicated(keep=False)).to_numpy()
    group = np.where(twins, addresses.groupby(parts, sort=False).ngroup(), -1)
    street, house = desk.text("street"), desk.text("house_number")

    def say(at: int) -> str:
        others = [str(desk.row(int(other))) for other in np.flatnonzero(group == group[at])[:6] if other != at]
        return f"„{street[at]} {house[at]}“ steht auch in Zeile {', '.join(others[:5])}."

    return desk.report("duplicate-address", twins, say, "house_number")


def _numbered(texts: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Give each text a number, the same to those that differ in capitals only; -1 to missing ones."""
    numbers, different = pd.factorize(texts)
    alike, _ = pd.factorize(np.array([text.casefold() for text in different], dtype=object))
    return np.append(alike, -1)[numbers]
