"""The page on which the change between two states is drawn, and what is unchanged only faintly."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from rollout import wording
from rollout.analysis.changes import Change, changes_between, wide
from rollout.cartography.card import Fact
from rollout.cartography.change_legend import LINES, POINTS, classes_of, legend_of_changes
from rollout.cartography.columns import coded
from rollout.cartography.folium_map import PhaseMap
from rollout.cartography.payload import page_data
from rollout.cartography.scope import contents_of, scope_of
from rollout.vocabulary import Drive, Milestone, ladder_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rollout.analysis.changes import Changes
    from rollout.analysis.state import State
    from rollout.cartography.scope import Contents, Scope

_FACT = Fact("Veränderung", "change")
_ENTITIES = {"segments": "segment", "targets": "target", "extended": "target"}
_LABELS = {entity: {rung.key: rung.label for rung in ladder_of(f"{entity}s")} for entity in ("segment", "target")}
_STOPPED = {"segment": "gesperrt", "target": "abgelehnt"}
_WORDS = {
    Change.NEW: "neu gemeldet",
    Change.ADVANCED: "fortgeschritten",
    Change.GONE_BACK: "zurückgestuft",
    Change.RELEASED: "wieder aufgenommen",
    Change.DROPPED: "entfallen",
    Change.REMOVED: "nun ohne Angabe",
}
_ENDS = (Change.BLOCKED, Change.DROPPED, Change.REMOVED)
"""What happened says already what is now."""

_SENTENCE = ("entity", "change", "status_before", "status_after")
_FIGURES = {
    "erreicht": f"{Drive.FUNDED}_{Milestone.PASSED}",
    "angeschlossen": f"{Drive.FUNDED}_{Milestone.CONNECTED}",
    "neues Rohr": "new_duct_m",
    "Kabel": "cable_m",
}
_MINUS = "\N{MINUS SIGN}"


class ChangeMap(PhaseMap):
    """
    A finished page that shows what changed; everything else is as on a page of the later state.

    Parameters
    ----------
    contents
        The rows of the page, of the state that is told second.
    changes
        Between the two states.
    """

    def __init__(self, contents: Contents, changes: Changes) -> None:
        super().__init__(contents)
        self._changes = changes

    @property
    def heading(self) -> str:
        """What the page is about, e.g. `Veränderungen: Bauabschnitt 1`."""
        return f"Veränderungen: {self._contents.scope.heading}"

    def _data(self) -> dict[str, Any]:
        data = page_data(self._contents)
        frames = _frames(self._contents, self._changes.rows)
        gains = wide(_of_scope(self._changes.rows, self._contents.scope))
        data["spec"] |= {
            "heading": self.heading,
            "stand": _moments(self._changes),
            "figures": [_figure(figure, gains) for figure in data["spec"]["figures"]],
            "legend": [asdict(group) for group in legend_of_changes(self._contents, frames)],
        }
        data["symbols"] |= {"segments": _looks(LINES), "targets": _looks(POINTS)}
        for name in ("segments", "targets"):
            data["facts"][name] = [asdict(_FACT), *data["facts"][name]]
        for name, rows in frames.items():
            told = {"class": classes_of(rows["change"]), "change": coded(rows["told"])}
            data["layers"][name]["columns"] |= {column: words.packed() for column, words in told.items()}
        return data


def change_map(
    before: State, after: State, phase_id: str | None = None, *, programme_id: str | None = None
) -> ChangeMap:
    """
    Draw the page of what changed between two states.

    Parameters
    ----------
    before, after
        Two states of one project. What only the first one holds has no place to be drawn.
    phase_id
        The construction phase; None for the whole programme.
    programme_id
        The programme; None for the phase's, or the project's first one, which is the whole city.

    Returns
    -------
    page
        A `folium.Map`; `save` writes the finished page, a notebook shows it.

    Raises
    ------
    InputError
        If there is no such phase or programme.
    """
    contents = contents_of(after, scope_of(after.project, phase_id, programme_id))
    return ChangeMap(contents, changes_between(before, after))


def _frames(contents: Contents, changes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the layers that may have changed, their rows as drawn with `change` and a sentence, <NA> for no change."""
    layers = {"segments": contents.state.segments, "targets": contents.funded, "extended": contents.extended}
    frames = {}
    for name, rows in layers.items():
        entity = _ENTITIES[name]
        ours = changes[(changes["entity"] == entity).astype(bool)].drop_duplicates("entity_id").set_index("entity_id")
        told = pd.Series([_sentence(*words) for words in _words(ours)], index=ours.index, dtype="string")
        ids = rows[f"{entity}_id"]
        added = {"change": ours["change"].reindex(ids).array, "told": told.reindex(ids).array}
        frames[name] = pd.DataFrame(rows.drop(columns="geometry")).assign(**added)
    return frames


def _of_scope(rows: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    ours = rows["programme_id"] == scope.programme.id
    if scope.phase is not None:
        ours &= rows["phase_id"] == scope.phase.id
    return rows[ours.fillna(value=False).astype(bool)]


def _figure(figure: dict[str, Any], gains: pd.DataFrame) -> dict[str, Any]:
    """Say beside a figure by how much it rose or fell; nothing where it did not."""
    key = _FIGURES.get(figure["label"])
    gained = float(gains[key].sum()) if key else 0.0
    if key is None or not round(gained):
        return figure
    size = wording.length(abs(gained)) if key.endswith("_m") else wording.number(abs(gained))
    return figure | {"label": f"{figure['label']} ({'+' if gained > 0 else _MINUS}{size})"}


def _looks(styles: tuple[Any, ...]) -> dict[str, Any]:
    return {
        style.key: {name: value for name, value in asdict(style).items() if name not in {"key", "label", "rungs"}}
        for style in styles
    }


def _words(rows: pd.DataFrame) -> Iterator[tuple[str, str, str | None, str | None]]:
    columns = ([None if pd.isna(word) else word for word in rows[name]] for name in _SENTENCE)
    return zip(*columns, strict=True)


def _sentence(entity: str, change: str, was: str | None, now: str | None) -> str:
    """Say what happened, and from which status to which."""
    word = _STOPPED[entity] if change == Change.BLOCKED else _WORDS[Change(change)]
    labels = [_LABELS[entity].get(status, status) for status in (was, now) if status is not None]
    if was == now or not labels:
        return word
    return f"{word}, zuvor {labels[0]}" if change in _ENDS else f"{word}: {' → '.join(labels)}"


def _moments(changes: Changes) -> str:
    """Say both days, and what was known when, where that was asked for; the later told first."""
    states = (changes.after, changes.before)
    if all(state.known_at is None for state in states):
        return " gegenüber ".join(wording.date(state.as_of) for state in states)
    known = ("heutige Kenntnis" if s.known_at is None else f"Kenntnis vom {wording.date(s.known_at)}" for s in states)
    return " gegenüber ".join(f"{wording.date(s.as_of)} ({k})" for s, k in zip(states, known, strict=True))
