"""XML of strangers: what declares a document type, and could so define entities, is read no further."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError, ParserCreate

from defusedxml.common import DTDForbidden  # type: ignore[import-untyped]

if TYPE_CHECKING:
    import zipfile
    from typing import IO, NoReturn

_BLOCK = 4096


class _RootReached(Exception):  # noqa: N818 - no error: the way out of the parser
    pass


def refuse_document_types(archive: zipfile.ZipFile) -> None:
    """
    Refuse an archive of XML parts if any of them declares a document type.

    An entity can only be declared in a document type, and that only before the root element. So the parser of
    the later reading is asked about the beginning of each part, and its verdict costs next to nothing.

    Parameters
    ----------
    archive
        An office document: every part is looked at, whatever it is called.

    Raises
    ------
    DTDForbidden
        If a part declares a document type.
    """
    for member in archive.infolist():
        with archive.open(member) as part:
            _refuse_document_type(part)


def _refuse_document_type(part: IO[bytes]) -> None:
    parser = ParserCreate(namespace_separator="}")  # as ElementTree makes it
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = _stop
    # What is broken before its root is no XML to any reader; pictures are, and do no harm.
    with suppress(_RootReached, ExpatError):
        while block := part.read(_BLOCK):
            parser.Parse(block)


def _refuse(name: str, system: str | None, public: str | None, _has_subset: bool) -> NoReturn:  # noqa: FBT001 - expat's
    raise DTDForbidden(name, system, public)


def _stop(_name: str, _attributes: dict[str, str]) -> NoReturn:
    raise _RootReached
