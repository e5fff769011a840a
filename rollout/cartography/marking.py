"""What a page needs so that its reader can mark what is wrong in it and save that as a file of proposals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rollout.marks import ENTITIES, FORMAT, MOST_MARKS, NAME_LETTERS, REMARK_LETTERS, VERSION, ladder_seen

if TYPE_CHECKING:
    from rollout.analysis.state import State
    from rollout.audiences import Audience


@dataclass(frozen=True, slots=True)
class Marks:
    """
    Lets a page be marked.

    Attributes
    ----------
    key
        Key of the audience the page is for, as the project file has it; part of the name of the saved file.
    audience
        What it sees; None sees everything.
    package
        Identity of the package or release the page is part of, e.g. its hash.
    """

    key: str
    audience: Audience | None = None
    package: str | None = None


def marks_data(marks: Marks, state: State) -> dict[str, Any]:
    """
    Gather what the page says of itself in the file, and what can be proposed.

    Parameters
    ----------
    marks
        For whom.
    state
        What the page shows.

    Returns
    -------
    data
        JSON values only: `file` (the head of the file), `ladders` (entity → status word and German label, in order),
        `letters` (of name and remark) and `most`.
    """
    head = {"format": FORMAT, "version": VERSION, "project": state.project.name, "audience": marks.key}
    return {
        "file": {**head, "stand": state.as_of.isoformat(), "package": marks.package},
        "ladders": {
            entity: [[rung.key, rung.label] for rung in ladder_seen(layer, marks.audience)]
            for entity, layer in ENTITIES.items()
        },
        "letters": [NAME_LETTERS, REMARK_LETTERS],
        "most": MOST_MARKS,
    }
