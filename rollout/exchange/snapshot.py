"""The state of one day for QGIS: a GeoPackage beside the project file, always whole, never written in place."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.errors import OutputError
from rollout.exchange.contents import PUBLISHED, TITLES, contents
from rollout.exchange.geopackage import add_layer, add_tables
from rollout.exchange.styles import styles
from rollout.files import write_together
from rollout.wording import date

if TYPE_CHECKING:
    from rollout.analysis.state import State

FILE_NAME = "current.gpkg"
"""What QGIS opens; a copy of the store for looking at, never the store."""

_SAMPLE = "Beispieldaten: Trassen, Anschlüsse und Netzknoten sind erfunden."


def snapshot(state: State) -> bytes:
    """
    Put a state into one GeoPackage with its styles.

    Parameters
    ----------
    state
        The programme on one day.

    Returns
    -------
    content
        The whole file: the layers of `PUBLISHED` that the project has, `layer_styles` for QGIS, `stand`.
        Equal states give equal bytes.

    Raises
    ------
    OutputError
        If there is no room to write it.
    """
    note = _note(state)
    try:
        with tempfile.TemporaryDirectory(prefix="rollout-") as folder:
            draft = Path(folder) / FILE_NAME
            layers = contents(state)
            for name, rows in layers.items():
                add_layer(draft, rows, PUBLISHED[name], (TITLES[name], f"{PUBLISHED[name].meaning} {note}"))
            add_tables(draft, [PUBLISHED[name] for name in layers], styles(), _stand(state, note))
            return draft.read_bytes()
    except OSError as error:
        msg = f"der Stand für QGIS lässt sich nicht schreiben: {error.strerror or error}"
        raise OutputError(msg, "Prüfen Sie den freien Platz.") from error


def publish(folder: Path, content: bytes) -> Path:
    """
    Put the snapshot in the place of the earlier one, whole or not at all.

    A program that has the earlier file open goes on reading that one.

    Parameters
    ----------
    folder
        The project's.
    content
        What `snapshot` returned.

    Returns
    -------
    path
        The file.

    Raises
    ------
    OutputError
        If a program is writing into the earlier file, another run is publishing, or the file cannot be written.
        The earlier file is untouched.
    """
    path = folder / FILE_NAME
    for ending in ("-wal", "-journal"):
        beside = path.with_name(path.name + ending)
        # SQLite would take what stands there for the last rows of the new file.
        if beside.is_file() and beside.stat().st_size > 0:
            msg = f"'{path}' wird gerade in einem anderen Programm bearbeitet"
            raise OutputError(msg, f"Schließen Sie die Datei in QGIS; bleibt '{beside.name}' liegen, löschen Sie sie.")
    return write_together(folder, {FILE_NAME: content})[0]


def _note(state: State) -> str:
    known = f", wie am {date(state.known_at)} bekannt" if state.known_at else ""
    return f"Stand {date(state.as_of)}{known}." + (f" {_SAMPLE}" if state.project.sample else "")


def _stand(state: State, note: str) -> tuple[str | int | None, ...]:
    known_at = state.known_at.isoformat() if state.known_at else None
    return (state.project.name, state.as_of.isoformat(), known_at, int(state.project.sample), _sources(state), note)


def _sources(state: State) -> str | None:
    if state.sources is None:
        return None
    said = zip(state.sources["sender"], state.sources["state_on"], strict=True)
    return "; ".join(f"{sender}, Stand {date(day.date())}" for sender, day in said)
