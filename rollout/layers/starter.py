"""A new project: a commented project file and empty layers, ready to be filled."""

from __future__ import annotations

import datetime as dt
import textwrap
from pathlib import Path
from string import Template

from rollout.errors import OutputError
from rollout.files import write_file
from rollout.layers.write import write_layer
from rollout.project import PROJECT_FILE
from rollout.schema import LAYERS, Column, Layer, empty_layer

_TEMPLATE = Path(__file__).with_name("starter.toml")
_WIDTH = 110


def write_starter(folder: Path, *, dry_run: bool = False) -> list[Path]:
    """
    Write a new project.

    Parameters
    ----------
    folder
        Made if it does not exist. Nothing in it is ever overwritten.
    dry_run
        Only tell what would be written.

    Returns
    -------
    paths
        The project file and one empty GeoPackage per layer.

    Raises
    ------
    OutputError
        If one of the files exists already, or the folder cannot be written.
    """
    layers = {folder / f"{layer.name}.gpkg": layer for layer in LAYERS.values() if layer.required}
    paths = [folder / PROJECT_FILE, *layers]
    for path in paths:
        if path.exists():
            msg = f"'{path}' gibt es schon"
            raise OutputError(msg, "Nennen Sie einen leeren Ordner; überschrieben wird nichts.")
    if dry_run:
        return paths
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"den Ordner '{folder}' kann ich nicht anlegen: {error.strerror}"
        raise OutputError(msg, "Prüfen Sie den Pfad und das Schreibrecht.") from error
    for path, layer in layers.items():
        write_layer(empty_layer(layer), layer, path)
    write_file(folder / PROJECT_FILE, starter_text().encode())
    return paths


def starter_text() -> str:
    """
    Return the commented project file; the columns come from the schema, so the two cannot drift apart.

    Returns
    -------
    text
        TOML that `open_project` accepts as it stands.
    """
    said = Template(_TEMPLATE.read_text(encoding="utf-8"))
    return said.substitute(
        today=dt.datetime.now(tz=dt.UTC).date().isoformat(),
        layers="\n".join(_layer_entry(layer) for layer in LAYERS.values()),
    )


def _layer_entry(layer: Layer) -> str:
    mark = "" if layer.required else "# "
    lines = ["", f"# {layer.meaning}{'' if layer.required else ' Kann fehlen.'}"]
    for column in layer.columns:
        lines += textwrap.wrap(_column_line(column), _WIDTH, initial_indent="#   ", subsequent_indent="#       ")
    lines += [f"{mark}[layers.{layer.name}]", f'{mark}path = "{layer.name}.gpkg"']
    return "\n".join(lines)


def _column_line(column: Column) -> str:
    words = f" Erlaubt: {', '.join(column.allowed)}." if column.allowed else ""
    may_be_missing = "" if column.required else " (kann fehlen)"
    return f"{column.name}{may_be_missing}: {column.meaning}{words}"
