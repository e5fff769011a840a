"""A file of proposals is taken whole or not at all, and whatever is wrong is named by its entry and field."""

from __future__ import annotations

import copy
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rollout.audiences import REQUIRED, Audience, Figures
from rollout.errors import DataError, RolloutError
from rollout.intake.entries import Terms
from rollout.intake.proposals import MAX_BYTES, names_format, read_decision, read_proposals
from rollout.intake.refusal import DeliveryError
from rollout.marks import MOST_MARKS, fault_of, ladder_seen, tidy
from rollout.project import Place

PLACE = Place(west=6.9, south=50.9, east=7.1, north=51.1)
IDS = {"segment": frozenset({"S1", "T1"}), "target": frozenset({"T1", "T2"})}
RECEIVED_ON = dt.date(2022, 4, 1)
EVL = Audience(
    title="EVL",
    recipient="EVL",
    purpose="Bau",
    figures=Figures.ROWS,
    columns={"targets": ("target_id", *REQUIRED["targets"])},
    statuses={"targets": ("house_entry", "connected", "activated")},
    told_as={"targets": {"activated": "connected"}},
)
UNKNOWN = {"status": None, "since": None, "place": None}


def terms(**changes: object) -> Terms:
    said: dict[str, Any] = {"project": "Kleinstadt", "place": PLACE, "ids": IDS, "received_on": RECEIVED_ON, **changes}
    return Terms(**said)


def mark(**changes: object) -> dict[str, Any]:
    said = {"status": "connected", "since": "2022-03-01", "place": [7.0, 51.0]}
    proposed = {"status": "house_entry", "valid_on": "2022-03-05"}
    return {"entity": "target", "id": "T1", "said": said, "proposed": proposed, "remark": None, **changes}


def told(*marks: object, **changes: object) -> dict[str, Any]:
    head = {"format": "rollout-vorschlaege", "version": 1, "project": "Kleinstadt", "audience": "evl"}
    head |= {"stand": "2022-03-28", "author": "Petra Muster", "package": None}
    return {**head, "marks": list(marks) or [mark()], **changes}


def saved(folder: Path, content: object) -> Path:
    path = folder / "vorschlaege.json"
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return path


def test_every_kind_of_proposal_is_read(tmp_path: Path) -> None:
    place = mark(proposed={"place": [7.01, 51]}, remark="eher hier")
    bare = mark(entity="segment", id="S1", said=UNKNOWN, proposed=None, remark="<b>{{ 6*7 }}</b>")
    found = read_proposals(saved(tmp_path, told(mark(), place, bare)), terms())
    assert (found.author, found.audience, found.state_on) == ("Petra Muster", "evl", dt.date(2022, 3, 28))
    assert found.rows["kind"].tolist() == ["status", "place", "remark"]
    assert found.rows.loc[1, ["lon", "lat", "remark"]].tolist() == [7.01, 51.0, "eher hier"]
    assert found.rows["row"].tolist() == [1, 2, 3]


FIELDS: dict[str, tuple[dict[str, Any], str]] = {
    "entity": ({"entity": "node"}, "'entity'"),
    "entity a list": ({"entity": ["target"]}, "'entity'"),
    "id unknown": ({"id": "T9"}, "'id'"),
    "id of the other layer": ({"entity": "segment", "id": "T2"}, "'id'"),
    "id a number": ({"id": 1}, "'id'"),
    "status of the other ladder": ({"proposed": {"status": "digging", "valid_on": "2022-03-05"}}, "'proposed.status'"),
    "status a list": ({"proposed": {"status": [], "valid_on": "2022-03-05"}}, "'proposed.status'"),
    "day in the future": ({"proposed": {"status": "house_entry", "valid_on": "2022-04-02"}}, "'proposed.valid_on'"),
    "day long ago": ({"proposed": {"status": "house_entry", "valid_on": "1889-04-02"}}, "'proposed.valid_on'"),
    "day that is none": ({"proposed": {"status": "house_entry", "valid_on": "2022-02-30"}}, "'proposed.valid_on'"),
    "day in weeks": ({"proposed": {"status": "house_entry", "valid_on": "2022-W01-1"}}, "'proposed.valid_on'"),
    "day a number": ({"proposed": {"status": "house_entry", "valid_on": 20220305}}, "'proposed.valid_on'"),
    "place outside": ({"proposed": {"place": [51.0, 7.0]}}, "'proposed.place'"),
    "place of three": ({"proposed": {"place": [7.0, 51.0, 0.0]}}, "'proposed.place'"),
    "place of text": ({"proposed": {"place": ["7", "51"]}}, "'proposed.place'"),
    "place true": ({"proposed": {"place": [True, 51.0]}}, "'proposed.place'"),
    "place of a trench": (
        {"entity": "segment", "id": "S1", "said": UNKNOWN, "proposed": {"place": [7.0, 51.0]}},
        "'proposed.place'",
    ),
    "both at once": ({"proposed": {"place": [7.0, 51.0], "status": "house_entry"}}, "'proposed.status'"),
    "no object": ({"proposed": "house_entry"}, "'proposed'"),
    "unknown member": ({"by": "x"}, "'by'"),
    "said without place": ({"said": {"status": None, "since": None}}, "'said.place'"),
    "nothing proposed": ({"proposed": None}, "'remark'"),
    "nothing new": ({"proposed": {"status": "connected", "valid_on": "2022-03-01"}}, "'proposed'"),
    "remark too long": ({"remark": "x" * 10_000}, "'remark'"),
    "remark empty": ({"remark": ""}, "'remark'"),
    "remark turned round": ({"remark": "\u202egnal"}, "U\\+202E"),
    "remark with a bell": ({"remark": "\x1b[31mrot\x07"}, "U\\+001B"),
    "remark of half a letter": ({"remark": "\ud800"}, "U\\+D800"),
    "remark of two lines": ({"remark": "a\u2028b"}, "U\\+2028"),
    "remark a list": ({"remark": ["x"]}, "'remark'"),
}


@pytest.mark.parametrize("case", FIELDS)
def test_a_faulty_entry_is_named_by_number_and_field_with_the_way_out(tmp_path: Path, case: str) -> None:
    changes, where = FIELDS[case]
    path = saved(tmp_path, told(mark(id="T2"), mark(**changes)))
    with pytest.raises(DataError, match=f"'vorschlaege.json', Vorschlag 2, Feld .*{where}") as refused:
        read_proposals(path, terms())
    assert refused.value.hint
    assert refused.value.findings[0].row == 2
    assert refused.value.message.isprintable()


HEADS: dict[str, tuple[Any, str]] = {
    "another version": (told(version=2), "Fassung 2"),
    "a version that is true": (told(version=True), "Fassung True"),
    "another format": (told(format="x"), "Fassung"),
    "another project": (told(project="\x1b[2JAnderswo"), "Projekt '.x1b"),
    "no author": (told(author=""), "'author'"),
    "an author of 10 kB": (told(author="x" * 10_000), "'author'"),
    "an author who is a number": (told(author=10**400), "'author'"),
    "an unknown audience": (
        told(audience="fremd"),
        "'audience' nennt keinen Empfängerkreis des Projekts \\(bekannt sind: evl\\): 'fremd'",
    ),
    "a Stand to come": (told(stand="2022-04-02"), "'stand'"),
    "a package that is a list": (told(package=[1]), "'package'"),
    "no marks": (told(marks=[]), "'marks'"),
    "marks that are none": (told(marks={"0": mark()}), "'marks'"),
    "too many marks": (told(marks=[mark()] * (MOST_MARKS + 1)), "'marks'"),
    "an unknown field": (told(extra=1), "'extra'"),
    "a missing field": ({key: value for key, value in told().items() if key != "stand"}, "'stand'"),
    "a list": ("[]", "keine|kein"),
    "another number": (json.dumps(told()).replace("7.0", "NaN"), "NaN"),
    "a number of 5,000 digits": (
        json.dumps(told()).replace('"version": 1', '"version": ' + "9" * 5000),
        "gültiges JSON: eine Zahl hat zu viele Ziffern$",
    ),
    "a key twice": (json.dumps(told()).replace('"version": 1', '"version": 1, "version": 1'), "doppelt"),
    "very deep": (
        json.dumps(told()).replace("[7.0, 51.0]", "[" * 100_000 + "]" * 100_000),
        "JSON: zu tief verschachtelt$",
    ),
    "cut off": (json.dumps(told(), indent=1)[:60], "JSON: abgebrochen oder falsch geschrieben in Zeile 4, Zeichen"),
}


@pytest.mark.parametrize("case", HEADS)
def test_a_file_that_is_not_one_of_ours_is_refused_whole(tmp_path: Path, case: str) -> None:
    content, what = HEADS[case]
    with pytest.raises(
        DeliveryError, match=f"'vorschlaege.json'.*({what})" if case != "a list" else "vorschlaege"
    ) as no:
        read_proposals(saved(tmp_path, content), terms(audiences={"evl": EVL}))
    assert no.value.hint
    assert no.value.message.isprintable()


def test_a_number_without_end_is_no_place(tmp_path: Path) -> None:
    path = saved(tmp_path, json.dumps(told()).replace("[7.0, 51.0]", "[1e999, 51.0]"))
    with pytest.raises(DataError, match=r"'said\.place'"):
        read_proposals(path, terms())
    with pytest.raises(DataError, match=r"'said\.place'"):
        read_proposals(saved(tmp_path, told(mark(said={**mark()["said"], "place": [10**400, 51]}))), terms())


def test_a_file_larger_than_a_page_saves_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="4 MB"):
        read_proposals(saved(tmp_path, json.dumps(told()) + " " * MAX_BYTES), terms())


def test_a_million_faults_are_counted_and_the_first_named(tmp_path: Path) -> None:
    bad = {f"x{n}": n for n in range(2000)}
    with pytest.raises(DataError, match=r"und 19\d\d weitere|und 2\d\d\d weitere") as refused:
        read_proposals(saved(tmp_path, told({**mark(), **bad})), terms())
    assert len(refused.value.findings) == 50


def test_the_same_thing_proposed_twice_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Vorschlag 2, Feld 'id'"):
        read_proposals(saved(tmp_path, told(mark(), mark())), terms())


def test_an_audience_proposes_only_what_its_pages_show(tmp_path: Path) -> None:
    path = saved(tmp_path, told(mark(proposed={"status": "activated", "valid_on": "2022-03-05"})))
    assert read_proposals(path, terms()).rows["status"].tolist() == ["activated"]
    with pytest.raises(DataError, match=r"\(house_entry, connected\)"):
        read_proposals(path, terms(audiences={"evl": EVL}))
    assert [rung.key for rung in ladder_seen("targets", EVL)] == ["house_entry", "connected"]
    assert len(ladder_seen("segments", None)) > 10


def test_an_audience_proposes_nothing_about_what_its_pages_do_not_show(tmp_path: Path) -> None:
    bare = mark(entity="segment", id="S1", said=UNKNOWN, proposed=None, remark="liegt anders")
    with pytest.raises(
        DataError, match=r"Vorschlag 1, Feld 'entity' nennt, was eine Seite dieses Empfängerkreises nicht"
    ) as no:
        read_proposals(saved(tmp_path, told(bare)), terms(audiences={"evl": EVL}))
    assert len(no.value.findings) == 1


def test_what_is_missing_is_not_shown_as_a_value(tmp_path: Path) -> None:
    bare = {key: value for key, value in mark().items() if key != "remark"}
    with pytest.raises(DataError, match=r"Vorschlag 1, Feld 'remark' fehlt$"):
        read_proposals(saved(tmp_path, told(bare)), terms())


def test_only_a_file_that_names_the_format_is_taken_for_one(tmp_path: Path) -> None:
    assert names_format(saved(tmp_path, told()))
    assert not names_format(saved(tmp_path, {"type": "FeatureCollection", "features": []}))
    assert not names_format(tmp_path)
    assert not names_format(tmp_path / "fehlt.json")
    assert not names_format(Path("\0.json"))


DECISION = {
    "format": "rollout-entscheidung", "version": 1, "proposal": "abc-1", "verdict": "accepted", "by": "Anna",
    "why": "geprüft", "decided_at": "2022-04-01T08:00:00.000000Z",
}  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [{"format": "x"}, {"verdict": "ja"}, {"verdict": []}, {"by": ""}, {"why": 1}, {"decided_at": "2022"}, {"x": 1}],
)
def test_a_kept_decision_is_read_strictly(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert read_decision(saved(tmp_path, DECISION)).by == "Anna"
    with pytest.raises(DeliveryError):
        read_decision(saved(tmp_path, {**DECISION, **changes}))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PATHS = [
    (), ("said",), ("proposed",), ("entity",), ("id",), ("remark",), ("said", "status"), ("said", "since"),
    ("said", "place"), ("proposed", "status"), ("proposed", "valid_on"),
]  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(PATHS), value=JSON)
def test_whatever_stands_in_an_entry_is_taken_or_refused_by_name(
    tmp_path: Path, path: tuple[str, ...], value: object
) -> None:
    entry: Any = copy.deepcopy(mark())
    if not path:
        entry = value
    else:
        part = entry
        for step in path[:-1]:
            part = part[step]
        part[path[-1]] = value
    refused = refusal_of(saved(tmp_path, told(entry)))
    if refused is not None:
        assert "vorschlaege.json" in refused.message
        assert refused.message.isprintable()
        assert refused.hint


def refusal_of(file: Path) -> RolloutError | None:
    """Read a file; what is taken is about what exists."""
    try:
        rows = read_proposals(file, terms()).rows
    except RolloutError as refused:
        return refused
    assert rows["entity_id"].isin(["T1", "T2", "S1"]).all()
    return None


@given(text=st.text(max_size=60))
def test_what_is_tidied_has_no_fault(text: str) -> None:
    assert fault_of(tidy(text), 60) is None
    assert tidy(tidy(text)) == tidy(text)
