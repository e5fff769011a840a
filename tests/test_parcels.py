"""A package holds what its audience may see and is written only when it was looked through and found clean."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest

from rollout import handover, parcels, pipeline, publication
from rollout.analysis.state import State
from rollout.beside import second_process
from rollout.errors import DisclosureError, InputError, OutputError
from rollout.parcels import Order, Parcel, share, share_all
from rollout.project import open_project
from rollout.sharing import containers
from rollout.sharing.forms import Form
from rollout.sharing.sealed import unsealed
from rollout.sharing.verification import verified
from tests.conftest import Invoke
from tests.small_package import KEY, PUBLIC

WORDS = "apfel-birne-dachs-eimer-falke-gabel"
QUARTER = dt.date(2022, 3, 31)
ROWS = ("city", "evl", "netcologne")
FIGURES = ("council", "public")


@pytest.fixture
def town(tiny_project: Path) -> State:
    return pipeline.state(open_project(tiny_project), QUARTER)


def sent(town: State, name: str, form: Form = Form.FOLDER, password: str | None = None) -> Path:
    path = town.project.folder / f"{name}{'.zip' if form.is_one_file else ''}"
    share(town, Parcel(name, path, form, password), KEY)
    return path


@pytest.mark.parametrize("name", [*ROWS, *FIGURES])
def test_a_package_verifies_and_says_for_whom_it_is(town: State, name: str) -> None:
    path = sent(town, name)
    files = containers.opened(path)
    verdict = verified(files, PUBLIC, today=QUARTER)
    assert verdict.is_good, verdict.sentence
    assert {"index.html", "stadt.html", "tabellen/fortschritt.xlsx", "LIESMICH.txt"} <= files.keys()
    recipient = f"Empfänger: {town.project.audiences[name].recipient}"
    for file in ("index.html", "tabellen/fortschritt.html", "tabellen/fortschritt.md"):
        assert recipient in files[file].decode(), file
    assert json.dumps(recipient)[1:-1] in files["stadt.html"].decode()


@pytest.mark.parametrize("name", [*ROWS, *FIGURES])
@pytest.mark.parametrize("form", [Form.FOLDER, Form.ZIP])
def test_a_package_that_is_not_encrypted_repeats_to_the_byte(town: State, name: str, form: Form) -> None:
    first = _bytes(sent(town, name, form))
    assert _bytes(sent(town, name, form)) == first


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Executor]:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        yield pool


@pytest.mark.parametrize("is_beside", [True, False])
def test_packages_made_together_are_those_made_one_by_one(town: State, elsewhere: Executor, *, is_beside: bool) -> None:
    names = ("public", "city", "council", "evl")
    alone = {name: _bytes(sent(town, name)) for name in names}
    wanted = [Parcel(name, town.project.folder / "pakete" / name) for name in names]
    shared = share_all(Order(town.project, KEY, QUARTER), wanted, elsewhere if is_beside else None)
    assert [one.path for one in shared] == [parcel.path for parcel in wanted]
    assert {one.audience: _bytes(one.path) for one in shared} == alone


def test_what_goes_wrong_in_the_other_process_is_said_as_if_it_were_this_one(town: State, elsewhere: Executor) -> None:
    taken, free = town.project.folder / "Dokumente", town.project.folder / "city"
    taken.mkdir()
    (taken / "Brief.docx").write_bytes(b"")
    with pytest.raises(OutputError, match="schon da und kein Paket") as raised:
        share_all(Order(town.project, KEY, QUARTER), [Parcel("public", taken), Parcel("city", free)], elsewhere)
    assert "Nennen Sie einen anderen Ordner" in raised.value.hint
    assert [path.name for path in taken.iterdir()] == ["Brief.docx"]
    assert verified(containers.opened(free), PUBLIC, today=QUARTER).is_good


def test_a_process_that_the_system_ends_is_told_with_the_way_out(town: State) -> None:
    wanted = [Parcel(name, town.project.folder / name) for name in ("city", "public")]
    with (
        second_process("rollout.no_such_module") as ended,
        pytest.raises(OutputError, match="vom Betriebssystem abgebrochen") as raised,
    ):
        share_all(Order(town.project, KEY, QUARTER), wanted, ended)
    assert "machen Sie die Pakete einzeln" in raised.value.hint


def _bytes(path: Path) -> dict[str, bytes]:
    files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
    return {file.name: file.read_bytes() for file in files}


def test_an_encrypted_archive_opens_with_its_password_alone(town: State) -> None:
    path = sent(town, "evl", Form.LOCKED_ZIP, WORDS)
    assert verified(containers.opened(path, WORDS), PUBLIC, today=QUARTER).is_good
    with pytest.raises(InputError):
        containers.opened(path, "anderes-passwort")


def test_sealed_pages_stand_alone_and_say_nothing_before(town: State) -> None:
    files = containers.opened(sent(town, "evl", Form.SEALED, WORDS))
    assert not [name for name in files if name.startswith("tabellen") or name == "index.html"]
    pages = [name for name in files if name.endswith(".html")]
    assert len(pages) == 4
    for name in pages:
        text = files[name].decode()
        assert "Hauptstra" not in text
        assert "Kleinstadt" not in text
        assert json.loads(unsealed(text, WORDS))["spec"]["stand"] == "31.03.2022"


def test_a_leak_stops_the_package_and_the_earlier_one_stays(town: State, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sent(town, "council")
    before, register = _bytes(path), (town.project.folder / handover.REGISTER_FILE).read_bytes()
    monkeypatch.setattr(parcels, "files_of", lambda *_: {"notiz.txt": "bei Hauptstraße 3a klingeln".encode()})
    with pytest.raises(DisclosureError, match=r"notiz\.txt: Adresse 'Hauptstraße 3a'"):
        sent(town, "council")
    with pytest.raises(DisclosureError, match=r"neu\.zip → notiz\.txt: Adresse"):
        share(town, Parcel("council", town.project.folder / "neu.zip", Form.ZIP), KEY)
    assert _bytes(path) == before
    assert not (town.project.folder / "neu.zip").exists()
    assert (town.project.folder / handover.REGISTER_FILE).read_bytes() == register


def test_only_figures_are_written_down_for_later_releases(town: State) -> None:
    register = town.project.folder / handover.REGISTER_FILE
    sent(town, "evl")
    assert not register.exists()
    sent(town, "public")
    text = register.read_text(encoding="utf-8")
    assert [one["audience"] for one in json.loads(text)["releases"]] == ["public"]
    sent(town, "public")
    assert register.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("content", [b"", b" \n", b"{", b"\xff\xfe\x00", b"null"])
def test_a_register_that_cannot_be_read_stops_the_package_and_is_never_taken_for_an_empty_one(
    town: State, content: bytes
) -> None:
    register = town.project.folder / handover.REGISTER_FILE
    register.write_bytes(content)
    with pytest.raises(InputError, match="Veröffentlichungen ist nicht lesbar") as refused:
        sent(town, "council")
    assert "Sicherung" in refused.value.hint
    assert register.read_bytes() == content
    assert not (town.project.folder / "council").exists()


def test_a_folder_in_the_place_of_the_register_is_refused_too(town: State) -> None:
    (town.project.folder / handover.REGISTER_FILE).mkdir()
    with pytest.raises(InputError, match="Veröffentlichungen ist nicht lesbar"):
        sent(town, "council")


def test_what_another_run_published_meanwhile_is_not_lost(town: State) -> None:
    before = handover.register_of(town.project)
    sent(town, "council")
    told = handover.register_of(town.project)
    late = handover.content_of(town, "public", before).release
    with pytest.raises(OutputError, match="während dieses Laufs") as refused:
        handover.record(town.project, before, late)
    assert "noch einmal" in refused.value.hint
    assert handover.register_of(town.project) == told


@pytest.mark.parametrize("name", ["evl", "city"])
def test_a_package_of_today_is_no_trace_of_when_it_was_made(tiny_project: Path, name: str) -> None:
    today = dt.datetime.now(tz=dt.UTC).date()
    path = sent(pipeline.state(open_project(tiny_project), today), name)
    assert verified(containers.opened(path), PUBLIC, today=today).is_good


@pytest.mark.parametrize("form", [Form.FOLDER, Form.ZIP])
def test_where_no_folder_can_be_made_nothing_is_written_and_nothing_written_down(town: State, form: Form) -> None:
    path = town.project.folder / "rollout.toml" / "pakete" / ("council.zip" if form.is_one_file else "council")
    with pytest.raises(OutputError, match="lässt sich nicht schreiben"):
        share(town, Parcel("council", path, form), KEY)
    assert not (town.project.folder / handover.REGISTER_FILE).exists()


def test_a_dry_run_checks_everything_and_writes_nothing(town: State) -> None:
    before = sorted(town.project.folder.iterdir())
    share(town, Parcel("public", town.project.folder / "neu"), KEY, write=False)
    publication.publish(town, town.project.folder / "neu", write=False)
    assert sorted(town.project.folder.iterdir()) == before


def test_figures_are_of_the_end_of_a_quarter_unless_the_rhythm_says_otherwise(town: State) -> None:
    project = town.project
    assert handover.release_day_of(project, "public", dt.date(2022, 3, 28)) == dt.date(2021, 12, 31)
    assert handover.release_day_of(project, "public", QUARTER) == QUARTER
    assert handover.release_day_of(project, "evl", dt.date(2022, 3, 28)) == dt.date(2022, 3, 28)


def test_form_and_password_must_go_together(town: State) -> None:
    with pytest.raises(InputError, match="braucht ein Passwort"):
        Parcel("evl", Path("a"), Form.SEALED)
    with pytest.raises(InputError, match="kennt kein Passwort"):
        Parcel("evl", Path("a"), Form.ZIP, WORDS)
    with pytest.raises(InputError, match=r"'a\.zip' wäre ein Ordner") as no:
        Parcel("evl", Path("a.zip"), Form.FOLDER)
    assert "--form zip" in no.value.hint
    with pytest.raises(InputError, match="'a' ist kein Name für ein ZIP") as no:
        Parcel("evl", Path("a"), Form.ZIP)
    assert "a.zip" in no.value.hint
    with pytest.raises(InputError, match="den Empfängerkreis 'presse' gibt es im Projekt nicht"):
        share(town, Parcel("presse", Path("a")), KEY)
    assert WORDS not in repr(Parcel("evl", Path("a"), Form.SEALED, WORDS))


def test_a_published_folder_is_whole_and_is_replaced_as_a_whole(town: State) -> None:
    project = town.project.model_copy(update={"published_at": "https://example.org/glasfaser/"})
    known = replace(town, project=project)
    folder = project.folder / "www" / "glasfaser"
    publication.publish(known, folder)
    (folder / "alt.html").write_text("von gestern", encoding="utf-8")
    with (folder / publication.MARK).open("a", encoding="utf-8") as mark:
        mark.write("alt.html\n")
    publication.publish(known, folder)
    assert not (folder / "alt.html").exists()
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert '<meta property="og:image" content="https://example.org/glasfaser/vorschau.png">' in index
    assert (folder / "vorschau.png").read_bytes().startswith(b"\x89PNG")
    links = [part.split('"')[0] for part in index.split('href="')[1:]]
    assert links
    assert all((folder / link).is_file() for link in links)


def test_a_file_of_someone_else_in_a_published_folder_is_never_deleted(town: State) -> None:
    folder = town.project.folder / "www"
    publication.publish(town, folder)
    before = _bytes(folder)
    (folder / "tabellen" / "hinweis.html").write_text("vom Webserver", encoding="utf-8")
    with pytest.raises(OutputError, match=r"Dateien, die rollout nicht geschrieben hat: tabellen/hinweis\.html"):
        publication.publish(town, folder)
    (folder / "tabellen" / "hinweis.html").unlink()
    (folder / "tabellen" / "Thumbs.db").write_bytes(b"Windows")
    publication.publish(town, folder)
    assert _bytes(folder) == before


def test_a_publication_that_is_refused_is_not_written_down_as_given_away(town: State) -> None:
    folder = town.project.folder / "wichtig"
    folder.mkdir()
    (folder / "brief.txt").write_text("bleibt", encoding="utf-8")
    with pytest.raises(OutputError, match="nicht leer"):
        publication.publish(town, folder)
    with pytest.raises(OutputError, match=r"brief\.txt' ist kein Ordner"):
        publication.publish(town, folder / "brief.txt")
    assert not (town.project.folder / handover.REGISTER_FILE).exists()


def test_another_folder_is_never_replaced_and_rows_are_never_published(town: State) -> None:
    folder = town.project.folder / "wichtig"
    folder.mkdir()
    (folder / "brief.txt").write_text("bleibt", encoding="utf-8")
    with pytest.raises(OutputError, match="nicht leer und wurde nicht von rollout veröffentlicht"):
        publication.publish(town, folder)
    assert (folder / "brief.txt").read_text(encoding="utf-8") == "bleibt"
    with pytest.raises(InputError, match="lässt sich nicht veröffentlichen"):
        publication.publish(town, town.project.folder / "www", name="evl")


def test_share_and_verify_from_the_command_line(
    tiny_project: Path,
    tmp_path: Path,
    invoke: Invoke,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ROLLOUT_PASSWORD", WORDS)
    assert invoke("share", "evl", "-p", tiny_project) == 3
    assert "rollout keys" in capsys.readouterr().err
    assert invoke("keys", tiny_project, "--no-password") == 0
    target = tmp_path / "evl.zip"
    assert invoke("share", "evl", "-p", tiny_project, "--form", "locked-zip", "-o", target, "-q") == 0
    said = capsys.readouterr()
    assert WORDS not in said.out + said.err
    key = tiny_project / "schluessel" / "rollout.pub"
    assert invoke("verify", target, "--key", key, "--on", "2022-04-01") == 0
    capsys.readouterr()
    assert (
        invoke("share", "evl", "-p", tiny_project, "--form", "sealed", "--generate", "--json", "-o", tmp_path / "s")
        == 0
    )
    told = json.loads(capsys.readouterr().out)["packages"][0]
    page = (tmp_path / "s" / "stadt.html").read_text(encoding="utf-8")
    assert json.loads(unsealed(page, told["password"]))["layers"]


def test_publish_from_the_command_line_takes_the_end_of_the_quarter(
    tiny_project: Path, tmp_path: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke("publish", tmp_path / "www", "-p", tiny_project) == 0
    said = capsys.readouterr()
    assert "Stand ist das Ende des letzten Quartals, 31.12.2021" in said.err
    assert (tmp_path / "www" / "index.html").is_file()


def test_pages_can_be_published_again_as_they_were_known_on_a_day(
    tiny_project: Path, tmp_path: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke("publish", tmp_path / "www", "-p", tiny_project, "--known-at", "2022-01-10") == 3
    assert "Lieferung" in capsys.readouterr().err
    assert not (tmp_path / "www").exists()


def test_without_a_password_and_anybody_to_ask_the_message_names_every_way_to_one(
    tiny_project: Path,
    tmp_path: Path,
    invoke: Invoke,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ROLLOUT_PASSWORD", raising=False)
    assert invoke("keys", tiny_project, "--no-password") == 0
    assert invoke("share", "evl", "-p", tiny_project, "--form", "sealed", "-o", tmp_path / "s") == 3
    said = capsys.readouterr().err
    assert "ROLLOUT_PASSWORD" in said
    assert "--generate" in said
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize("command", [("share", "council"), ("share", "evl"), ("publish",)])
def test_nothing_is_given_away_of_a_day_that_has_not_come(
    tiny_project: Path, tmp_path: Path, invoke: Invoke, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    """Once written down, the figures of a day stay its figures: what is reported until then would be refused."""
    assert invoke("keys", tiny_project, "--no-password") == 0
    where = ("-o", tmp_path / "paket") if command[0] == "share" else (tmp_path / "paket",)
    assert invoke(*command, *where, "-p", tiny_project, "--as-of", "01.07.2999") == 3
    assert "liegt in der Zukunft" in capsys.readouterr().err
    assert not (tmp_path / "paket").exists()
    assert not (tiny_project / handover.REGISTER_FILE).exists()
