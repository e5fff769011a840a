"""The forms of a package: written so that other programs read them, read so that no stranger's file does harm."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

import pytest
import pyzipper
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rollout.errors import OutputError
from rollout.sharing import containers
from rollout.sharing.containers import beside, is_locked, opened
from rollout.sharing.manifest import MANIFEST, SIGNATURE
from rollout.sharing.refusal import PackageError, PasswordError
from rollout.sharing.wrapping import locked, save_folder, zipped
from tests.small_package import PASSWORD, save

Package = dict[str, bytes]


@pytest.fixture(scope="module")
def locked_package(package: Package) -> bytes:
    return locked(package, PASSWORD)


@pytest.mark.parametrize(("name", "password"), [("paket", None), ("paket.zip", None), ("paket.ZIP", PASSWORD)])
def test_every_form_is_read_as_it_was_written(
    tmp_path: Path, package: Package, name: str, password: str | None
) -> None:
    path = save(package, tmp_path / name, password)
    assert is_locked(path) == (password is not None)
    assert opened(path, password) == package
    assert opened(path, password, (MANIFEST,)) == {MANIFEST: package[MANIFEST]}


def test_a_zip_is_the_same_whatever_the_order_of_its_files(package: Package) -> None:
    assert zipped(dict(reversed(package.items()))) == zipped(package)


def test_a_zip_tells_nothing_of_when_and_where_it_was_made(package: Package) -> None:
    entries = zipfile.ZipFile(io.BytesIO(zipped(package))).infolist()
    assert [entry.filename for entry in entries] == sorted(package)
    told = {
        (entry.date_time, entry.create_system, entry.external_attr, entry.extra, entry.comment) for entry in entries
    }
    assert told == {((1980, 1, 1, 0, 0, 0), 3, 0o100644 << 16, b"", b"")}


def test_a_locked_zip_is_another_one_each_time_and_holds_nothing_readable(
    package: Package, locked_package: bytes
) -> None:
    assert locked(package, PASSWORD) != locked_package
    assert PASSWORD.encode() not in locked_package
    entries = pyzipper.AESZipFile(io.BytesIO(locked_package)).infolist()
    assert {(entry.wz_aes_version, entry.wz_aes_strength, entry.CRC) for entry in entries} == {(2, 3, 0)}
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}


def _seven_zip(program: str, archive: Path, password: str, target: Path) -> int:
    command = [program, "x", "-y", f"-p{password}", f"-o{target}", str(archive)]
    return subprocess.run(command, check=False, capture_output=True).returncode


def _content(folder: Path) -> Package:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_seven_zip_opens_it_with_the_right_password_and_not_with_a_wrong_one(
    tmp_path: Path, package: Package, locked_package: bytes, seven_zip: str
) -> None:
    archive = tmp_path / "paket.zip"
    archive.write_bytes(locked_package)
    assert _seven_zip(seven_zip, archive, PASSWORD, tmp_path / "right") == 0
    assert _content(tmp_path / "right") == package
    assert _seven_zip(seven_zip, archive, "falsch", tmp_path / "wrong") != 0
    readable = _content(tmp_path / "wrong") if (tmp_path / "wrong").exists() else {}
    assert not any(readable.values())


def test_what_seven_zip_packs_is_read(tmp_path: Path, package: Package, seven_zip: str) -> None:
    save(package, tmp_path / "paket")
    command = [seven_zip, "a", "-tzip", "-mem=AES256", f"-p{PASSWORD}", str(tmp_path / "paket.zip"), "."]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path / "paket")
    assert opened(tmp_path / "paket.zip", PASSWORD) == package


@pytest.mark.parametrize("password", [None, "", "falsch", PASSWORD + " "])
def test_a_missing_or_wrong_password_is_said(tmp_path: Path, locked_package: bytes, password: str | None) -> None:
    (tmp_path / "paket.zip").write_bytes(locked_package)
    with pytest.raises(PasswordError, match=r"paket\.zip"):
        opened(tmp_path / "paket.zip", password)


@pytest.mark.parametrize("password", ["kurz", "ganz viele Wörter mit Umlauten darin", "ganz viele Wörter\nund Zeilen"])
def test_a_weak_password_or_one_that_programs_encode_in_two_ways_is_refused(password: str) -> None:
    with pytest.raises(OutputError, match="mindestens 20 Zeichen"):
        locked({"a": b""}, password)


def test_a_name_that_leads_out_is_not_written(tmp_path: Path) -> None:
    for write in (zipped, lambda files: locked(files, PASSWORD), lambda files: save_folder(files, tmp_path / "a")):
        with pytest.raises(OutputError, match="führt aus dem Paket hinaus"):
            write({"../a": b""})


def test_an_earlier_package_is_replaced_whole_and_any_other_folder_is_not(tmp_path: Path, package: Package) -> None:
    path = save({**package, "alt.html": b""}, tmp_path / "paket")
    assert opened(save(package, path)) == package
    assert sorted(entry.name for entry in tmp_path.iterdir() if entry.name != ".rollout.lock") == ["paket"]
    (tmp_path / "Dokumente").mkdir()
    (tmp_path / "Dokumente" / "Brief.docx").write_bytes(b"")
    with pytest.raises(OutputError, match="schon da und kein Paket"):
        save(package, tmp_path / "Dokumente")
    (tmp_path / "leer").mkdir()
    assert opened(save(package, tmp_path / "leer")) == package


def _archive(tmp_path: Path, *entries: tuple[str, bytes], **settings: int) -> Path:
    path = tmp_path / "fremd.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [(MANIFEST, b"{}"), *entries]:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = settings.get("rights", 0) if name != MANIFEST else 0
            archive.writestr(entry, content)
    return path


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([("../boese.html", b"")], "führt aus dem Paket hinaus"),
        ([("/etc/passwd", b"")], "führt aus dem Paket hinaus"),
        ([("a/../../b", b"")], "führt aus dem Paket hinaus"),
        ([("c:\\a", b"")], "ein Zeichen"),
        ([("a\x1b[2J", b"")], "ein Zeichen"),
        ([("a", b"1"), ("a", b"2")], "mehrfach"),
        ([("a", b"1"), ("A", b"2")], "mehrfach"),
        ([("bombe", b"0" * 10_000_000)], "verdächtig stark gepackt"),
        ([(f"f{number}", b"") for number in range(2002)], "mehr als 2000"),
    ],
)
def test_a_hostile_archive_is_not_opened(tmp_path: Path, entries: list[tuple[str, bytes]], said: str) -> None:
    with pytest.raises(PackageError, match=said) as refused:
        opened(_archive(tmp_path, *entries))
    assert refused.value.message.isprintable()


def test_a_link_is_not_followed_in_an_archive_or_a_folder(tmp_path: Path, package: Package) -> None:
    with pytest.raises(PackageError, match="Verknüpfung"):
        opened(_archive(tmp_path, ("a", b"/etc/passwd"), rights=0o120777 << 16))
    path = save(package, tmp_path / "paket")
    (path / "a").symlink_to(tmp_path / "fremd.zip")
    with pytest.raises(PackageError, match="'a' ist eine Verknüpfung"):
        opened(path)


def test_what_a_file_manager_lays_into_a_folder_is_no_part_of_the_package(tmp_path: Path, package: Package) -> None:
    path = save(package, tmp_path / "paket")
    for name in ("Thumbs.db", ".DS_Store", "tabellen/Thumbs.db"):
        (path / name).write_bytes(b"\x00")
    assert opened(path) == package
    (path / "desktop.ini").write_text("[.ShellClassInfo]\nIconResource=\\\\fremd\\a.ico", encoding="utf-8")
    assert opened(path).keys() - package.keys() == {"desktop.ini"}


def test_what_comes_out_is_counted_not_what_the_directory_says(
    tmp_path: Path, package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, folder = save(package, tmp_path / "paket.zip"), save(package, tmp_path / "paket")
    monkeypatch.setattr(containers, "MAX_BYTES", 1000)
    for place in (path, folder):
        with pytest.raises(PackageError, match="größer als"):
            opened(place)
    monkeypatch.setattr(containers, "_look_at_directory", lambda *_: None)
    with pytest.raises(PackageError, match="größer als"):
        opened(path)


def test_a_folder_of_too_many_files_is_not_read(
    tmp_path: Path, package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(containers, "MAX_FILES", 3)
    with pytest.raises(PackageError, match="mehr als 3 Dateien"):
        opened(save(package, tmp_path / "paket"))


def test_the_old_way_of_locking_a_zip_is_refused(tmp_path: Path, package: Package, seven_zip: str) -> None:
    save(package, tmp_path / "paket")
    command = [seven_zip, "a", "-tzip", "-mem=ZipCrypto", "-pgeheim", str(tmp_path / "alt.zip"), "."]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path / "paket")
    with pytest.raises(PackageError, match="alten, unsicheren Verfahren"):
        opened(tmp_path / "alt.zip", "geheim")


def test_what_is_no_package_is_said_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "Ordner").mkdir()
    (tmp_path / "text.zip").write_bytes(b"kein ZIP")
    with zipfile.ZipFile(tmp_path / "anderes.zip", "w") as archive:
        archive.writestr("a", b"")
    for name, said in (
        ("Ordner", "enthält keine MANIFEST.json"),
        ("anderes.zip", "enthält keine MANIFEST.json"),
        ("text.zip", "kein ZIP, beschädigt"),
        ("fehlt.zip", "nicht lesbar"),
    ):
        with pytest.raises(PackageError, match=said):
            opened(tmp_path / name)
    for name in ("text.zip", "fehlt.zip"):
        with pytest.raises(PackageError, match=name):
            is_locked(tmp_path / name)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_archive_in_which_bytes_were_changed_is_read_right_or_refused(
    tmp_path: Path, package: Package, locked_package: bytes, data: st.DataObject
) -> None:
    content = bytearray(data.draw(st.sampled_from([zipped(package), locked_package])))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "paket.zip"
    path.write_bytes(content[: data.draw(st.integers(len(content) - 40, len(content)))])
    try:
        files = opened(path, PASSWORD)
    except PackageError:
        return
    # A date, a right or a name may have changed, which the manifest then tells; content never does.
    assert {*files.values()} <= {*package.values()}


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300), head=st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06" + bytes(18)]))
def test_any_other_file_is_refused(tmp_path: Path, content: bytes, head: bytes) -> None:
    path = tmp_path / "paket.zip"
    path.write_bytes(head + content)
    with pytest.raises(PackageError):
        opened(path, PASSWORD)


def test_packages_beside_are_found_and_their_passwords_tried(tmp_path: Path, package: Package) -> None:
    save(package, tmp_path / "dieses.zip")
    save(package, tmp_path / "ordner")
    save(package, tmp_path / "gleiches.zip", PASSWORD)
    save(package, tmp_path / "anderes.zip", PASSWORD + "x")
    (tmp_path / "fremd.zip").write_bytes(b"kein ZIP")
    (tmp_path / "Bilder").mkdir()
    shown = {name: package[name] for name in (MANIFEST, SIGNATURE)}
    expected = {"anderes.zip": None, "gleiches.zip": shown, "ordner": shown}
    assert beside(tmp_path / "dieses.zip", PASSWORD) == expected


def test_a_package_named_from_within_its_folder_finds_those_beside(
    tmp_path: Path, package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(package, tmp_path / "eins")
    save(package, tmp_path / "zwei")
    monkeypatch.chdir(tmp_path / "eins")
    assert [*beside(Path())] == ["zwei"]


def test_a_folder_that_may_not_be_read_is_said(
    tmp_path: Path, package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(package, tmp_path / "paket")

    def refuse(*_: object) -> bytes:
        raise PermissionError(13, "verboten", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(PackageError, match="nicht lesbar: verboten"):
        opened(path)


def test_a_folder_stays_as_it_was_when_its_successor_cannot_take_its_place(
    tmp_path: Path, package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(package, tmp_path / "paket")
    rename = Path.rename

    def fail_for_draft(self: Path, target: Path) -> Path:
        if self.name == ".paket.neu":
            raise OSError(28, "kein Platz", str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_for_draft)
    with pytest.raises(OutputError, match="kein Platz"):
        save({**package, "neu.html": b""}, path)
    assert opened(path) == package
    assert {entry.name for entry in tmp_path.iterdir()} <= {"paket", ".rollout.lock"}
