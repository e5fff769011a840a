"""A look at a shapefile before GDAL opens it: all its parts, its encoding, and what a zip may hold."""

from __future__ import annotations

import codecs
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from rollout.errors import CrsError, LayerError

SHP_MAGIC = (9994).to_bytes(4, "big")
PARTS = (".shp", ".shx", ".dbf", ".prj")
MAX_MEMBERS = 50
MAX_UNPACKED_BYTES = 2 * 1024**3
MAX_RATIO = 200

# The bytes of äöüÄÖÜß in the two encodings old shapefiles come in.
_WINDOWS = frozenset("äöüÄÖÜß".encode("cp1252"))
_DOS = frozenset("äöüÄÖÜß".encode("cp850"))


@dataclass(frozen=True, slots=True)
class Encoding:
    """
    The encoding a shapefile's texts are read in.

    Attributes
    ----------
    name
        Python's name of it.
    stated
        What the `.cpg` file says, or None.
    certain
        False where the texts fit neither what is stated nor any German encoding.
    plain
        True where the texts are ASCII, so that every encoding reads them alike.
    """

    name: str
    stated: str | None
    certain: bool = True
    plain: bool = False

    @property
    def contradicts(self) -> bool:
        """Whether the texts are in another encoding than the one stated."""
        return self.stated is not None and not self.plain and _known(self.stated) != self.name


def look_at_shapefile(path: Path) -> Encoding:
    """
    Make sure a shapefile is complete, and find its encoding.

    Parameters
    ----------
    path
        The `.shp` file.

    Returns
    -------
    encoding
        What is stated where the texts bear it out, else what they show.

    Raises
    ------
    LayerError
        If it is no shapefile, or a part is missing.
    CrsError
        If the `.prj` file is missing.
    """
    with path.open("rb") as file:
        magic = file.read(4)
    if magic != SHP_MAGIC:
        msg = f"'{path.name}' ist kein Shapefile"
        raise LayerError(msg, "Exportieren Sie die Ebene neu aus dem GIS, am besten als GeoPackage.")
    missing = [end for end in PARTS if part_of(path, end) is None]
    if missing == [".prj"]:
        msg = f"'{path.name}' nennt kein Bezugssystem: '{path.stem}.prj' fehlt"
        hint = "Legen Sie die .prj-Datei dazu, oder weisen Sie das Bezugssystem im GIS zu; geraten wird es nie."
        raise CrsError(msg, hint)
    if missing:
        msg = f"'{path.name}' ist unvollständig; es fehlt: {', '.join(path.stem + end for end in missing)}"
        raise LayerError(msg, "Kopieren Sie alle Teile in den Ordner, oder verwenden Sie ein GeoPackage.")
    return _encoding(path)


def part_of(path: Path, end: str) -> Path | None:
    """
    Find a part of a shapefile, in either case of its ending.

    Parameters
    ----------
    path
        The `.shp` file.
    end
        E.g. `.dbf`.

    Returns
    -------
    part
        The file, or None where there is none.
    """
    beside = (path.with_suffix(end), path.with_suffix(end.upper()))
    return next((file for file in beside if file.is_file()), None)


def _encoding(path: Path) -> Encoding:
    cpg, dbf = part_of(path, ".cpg"), part_of(path, ".dbf")
    stated = cpg.read_text("ascii", errors="replace").strip() if cpg else None
    table = dbf.read_bytes() if dbf else b""
    return encoding_of(table[int.from_bytes(table[8:10], "little") :], stated)


def encoding_of(texts: bytes, stated: str | None) -> Encoding:
    """
    Find the encoding texts are in.

    Parameters
    ----------
    texts
        The bytes of all records.
    stated
        What the file says, e.g. `UTF-8`, `1252`, `ISO-8859-1`, or None.

    Returns
    -------
    encoding
        UTF-8 where the bytes are valid in it (German text in an old encoding never is), else what is
        stated, else the one of Windows and DOS that explains more umlauts.
    """
    if texts.isascii():
        return Encoding(_known(stated) or "utf-8", stated, plain=True)
    if _is_utf8(texts):
        return Encoding("utf-8", stated)
    named = _known(stated)
    if named and named != "utf-8":
        return Encoding(named, stated)
    high = [byte for byte in texts if byte > 0x7F]  # noqa: PLR2004 - beyond ASCII
    windows, dos = (sum(byte in letters for byte in high) for letters in (_WINDOWS, _DOS))
    name = "cp850" if dos > windows else "cp1252"
    return Encoding(name, stated, certain=max(windows, dos) >= len(high) / 2)


def _is_utf8(texts: bytes) -> bool:
    try:
        texts.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _known(stated: str | None) -> str | None:
    """Python's name of what a `.cpg` file says; `1252`, `ANSI 1252` and `88591` are the usual short forms."""
    digits = re.search(r"(?:^|ANSI )(\d{3,5})$", stated or "")
    said = {"88591": "iso8859-1", "65001": "utf-8"}.get(digits[1], f"cp{digits[1]}") if digits else stated or ""
    try:
        return codecs.lookup(said).name
    except LookupError:
        return None


def unpack(archive: Path, folder: Path) -> Path:
    """
    Unpack the one shapefile in a zip.

    Parameters
    ----------
    archive
        The zip.
    folder
        An empty folder.

    Returns
    -------
    path
        The `.shp` file in the folder.

    Raises
    ------
    LayerError
        If the zip holds anything but one shapefile, or names, sizes or ratios are out of bounds.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            parts = _parts(opened, archive.name)
            for end, member in parts.items():
                (folder / f"layer{end}").write_bytes(opened.read(member))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise _refused(archive.name, f"lässt sich nicht entpacken: {error}") from error
    return folder / "layer.shp"


def _parts(opened: zipfile.ZipFile, archive: str) -> dict[str, zipfile.ZipInfo]:
    members = opened.infolist()
    if len(members) > MAX_MEMBERS:
        raise _refused(archive, f"enthält {len(members)} Dateien, erlaubt sind {MAX_MEMBERS}")
    for member in members:
        if reason := _reason_against(member):
            raise _refused(archive, f"enthält '{member.filename[:80]}': {reason}")
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise _refused(archive, "ist entpackt größer als 2 GB")
    files = [member for member in members if not member.is_dir() and not member.filename.startswith("__MACOSX/")]
    parts = {PurePosixPath(member.filename).suffix.lower(): member for member in files}
    stems = {str(PurePosixPath(member.filename).with_suffix("")).lower().removesuffix(".shp") for member in files}
    if ".shp" not in parts or len(stems) != 1 or len(parts) != len(files):
        raise _refused(archive, "muss genau ein Shapefile enthalten, jeden Teil einmal und sonst nichts")
    return parts


def _reason_against(member: zipfile.ZipInfo) -> str | None:
    name = PurePosixPath(member.filename)
    if ".." in name.parts or name.is_absolute() or "\\" in member.filename or ":" in member.filename:
        return "der Name führt aus dem Archiv hinaus"
    if member.flag_bits & 0x1:
        return "die Datei ist verschlüsselt"
    if member.file_size > MAX_RATIO * max(member.compress_size, 1) and member.file_size > 1024**2:
        return "die Datei ist verdächtig klein gepackt"
    return None


def _refused(archive: str, reason: str) -> LayerError:
    hint = "Packen Sie die Teile eines Shapefiles (.shp, .shx, .dbf, .prj, .cpg) neu, ohne Passwort."
    return LayerError(f"'{archive}' {reason}", hint)
