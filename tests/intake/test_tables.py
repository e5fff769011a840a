"""CSV and XLSX as partners really send them."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from rollout.intake.receipt import Receipt, Verdict
from rollout.intake.refusal import DeliveryError

HEADER = ["Straße", "Hausnummer", "PLZ", "Status", "Datum"]
ROWS = [["Görresstraße", "1-3", "51379", "fertig", "01.03.2022"], ["Hauptstr.", "12 A", "51379", "angeschlossen", ""]]
Receive = Callable[..., Receipt]
Make = Callable[..., Path]


def ids(receipt: Receipt) -> list[tuple[str, str, str]]:
    events = receipt.events
    days = events["valid_on"].dt.strftime("%Y-%m-%d")
    return list(zip(events["entity_id"], events["status"], days, strict=True))


EXPECTED = [("T4", "connected", "2022-03-01"), ("T3", "connected", "2022-03-28")]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "cp850", "utf-16"])
def test_a_csv_is_read_in_every_usual_delimiter_and_encoding(
    receive: Receive, csv_file: Make, delimiter: str, encoding: str
) -> None:
    receipt = receive(csv_file([HEADER, *ROWS], delimiter=delimiter, encoding=encoding))
    assert receipt.verdict is Verdict.ACCEPTED
    assert ids(receipt) == EXPECTED
    assert receipt.delivery.encoding == encoding
    assert receipt.events["row"].tolist() == [2, 3]


def test_a_sep_line_a_title_and_its_stand_are_understood(receive: Receive, csv_file: Make) -> None:
    path = csv_file([HEADER, *ROWS], before="sep=;\r\nHausanschlüsse Opladen, Stand 27.03.2022;;;;\r\n\r\n")
    receipt = receive(path, state_on=None)
    assert (receipt.state_on, receipt.state_on_from) == (dt.date(2022, 3, 27), "file")
    assert receipt.events["row"].tolist() == [5, 6]
    assert ids(receipt)[1][2] == "2022-03-27"


def test_the_stand_given_by_hand_goes_before_the_one_in_the_file(receive: Receive, csv_file: Make) -> None:
    path = csv_file([HEADER, *ROWS], before="Stand: 27.03.2022\r\n")
    assert receive(path, state_on=dt.date(2022, 3, 20)).state_on_from == "option"


def test_a_file_without_a_stand_is_refused(receive: Receive, csv_file: Make) -> None:
    with pytest.raises(DeliveryError, match="nennt keinen Stand") as caught:
        receive(csv_file([HEADER, *ROWS]), state_on=None)
    assert "--state-on" in caught.value.hint


def test_a_stand_in_the_future_is_refused(receive: Receive, csv_file: Make) -> None:
    with pytest.raises(DeliveryError, match="Zukunft"):
        receive(csv_file([HEADER, *ROWS]), state_on=dt.date(2022, 4, 2))


def test_a_column_may_state_the_stand(receive: Receive, csv_file: Make) -> None:
    rows = [[*HEADER, "state_on"], [*ROWS[0], "26.03.2022"], [*ROWS[1], "27.03.2022"]]
    receipt = receive(csv_file(rows), state_on=None)
    assert (receipt.state_on, receipt.state_on_from) == (dt.date(2022, 3, 27), "column")


def test_a_row_with_shifted_columns_is_named(receive: Receive, csv_file: Make) -> None:
    path = csv_file([HEADER, ROWS[0]])
    path.write_bytes(path.read_bytes() + b"Hauptstr.;12;51379\r\n")
    refused = receive(path).refused
    assert refused.loc[refused["rule"] == "row-width", "row"].tolist() == [3]


def test_an_open_quote_is_refused(receive: Receive, csv_file: Make) -> None:
    path = csv_file([HEADER, *ROWS])
    path.write_bytes(path.read_bytes() + b'"Haupt;12;51379;fertig;\r\n')
    with pytest.raises(DeliveryError, match="kein gültiges CSV"):
        receive(path)


def test_a_csv_without_the_agreed_columns_is_refused(receive: Receive, csv_file: Make) -> None:
    with pytest.raises(DeliveryError, match="keine Kopfzeile"):
        receive(csv_file([["A", "B"], ["1", "2"]]))


def test_columns_that_nobody_asked_for_are_named_and_not_kept(receive: Receive, csv_file: Make) -> None:
    receipt = receive(csv_file([[*HEADER, "Eigentümer"], [*ROWS[0], "Frau Muster"]]))
    assert receipt.delivery.unread == ("Eigentümer",)
    assert "Muster" not in repr(receipt.delivery.batches)


def test_empty_rows_are_no_rows(receive: Receive, csv_file: Make) -> None:
    receipt = receive(csv_file([HEADER, ROWS[0], [], ["", " ", "", "", ""], ROWS[1], []]))
    assert receipt.counts["targets"].rows == 2
    assert receipt.events["row"].tolist() == [2, 5]


def test_several_sheets_each_with_a_title_are_one_delivery(receive: Receive, xlsx_file: Make) -> None:
    title = ["Stand 27.03.2022"]
    path = xlsx_file(
        Opladen=[title, [], HEADER, ROWS[0]],
        Rheindorf=[HEADER, ["Hauptstr.", 12, 51379, "fertig", None]],
        Notizen=[["x"]],
    )
    receipt = receive(path, state_on=None)
    assert receipt.verdict is Verdict.ACCEPTED
    assert receipt.events[["sheet", "row"]].to_numpy().tolist() == [["Opladen", 4], ["Rheindorf", 2]]
    assert receipt.events["entity_id"].tolist() == ["T4", "T1"]
    assert [f.message for f in receipt.findings if f.rule == "table-skipped"] == ["nicht gelesen: Blatt 'Notizen'"]


def test_real_dates_and_numbers_of_excel_are_read(receive: Receive, xlsx_file: Make) -> None:
    path = xlsx_file(A=[HEADER, ["Hauptstraße", 21, 51379.0, "fertig", dt.datetime(2022, 3, 2)]])  # noqa: DTZ001 - as Excel has it
    assert ids(receive(path)) == [("T2", "connected", "2022-03-02")]


def test_a_house_number_that_excel_took_for_a_day_is_named(receive: Receive, xlsx_file: Make) -> None:
    day = dt.datetime(2022, 3, 1)  # noqa: DTZ001
    path = xlsx_file(
        A=[HEADER, ["Görresstraße", day, "51379", "fertig", ""], ["Görresstraße", "01. Mrz", "51379", "fertig", ""]]
    )
    receipt = receive(path)
    damage = receipt.refused[receipt.refused["rule"] == "excel-damage"]
    assert receipt.verdict is Verdict.REFUSED
    assert damage[["row", "column", "value"]].to_numpy().tolist() == [
        [2, "Hausnummer", "2022-03-01"],
        [3, "Hausnummer", "01. Mrz"],
    ]


@pytest.mark.parametrize("damaged", ["1,23457E+14", "1.23457E+14", 123456789012345678901.0])
def test_an_id_that_excel_shortened_is_named(receive: Receive, xlsx_file: Make, damaged: object) -> None:
    receipt = receive(xlsx_file(A=[["Kennung", "Status"], [damaged, "fertig"]]))
    assert "excel-damage" in set(receipt.refused["rule"])


@pytest.mark.parametrize("day", ["44621", "31.02.2022", "03/04/2022", "01. Mrz", "2022-13-01", "0022-01-01"])
def test_what_is_no_clear_date_is_an_error_with_row_and_column(receive: Receive, csv_file: Make, day: str) -> None:
    refused = receive(csv_file([HEADER, [*ROWS[0][:4], day]])).refused
    assert refused[["row", "rule", "column", "value"]].to_numpy().tolist() == [[2, "impossible-date", "Datum", day]]


def test_an_excel_day_number_is_explained(receive: Receive, csv_file: Make) -> None:
    refused = receive(csv_file([HEADER, [*ROWS[0][:4], "44621"]])).refused
    assert "vermutlich 01.03.2022" in refused["message"].iloc[0]


def test_a_two_digit_year_is_read_and_named(receive: Receive, csv_file: Make) -> None:
    receipt = receive(csv_file([HEADER, [*ROWS[0][:4], "01.03.22"]]))
    assert ids(receipt)[0][2] == "2022-03-01"
    assert [f.value for f in receipt.findings if f.rule == "two-digit-year"] == ["01.03.22"]


def test_hidden_rows_are_read_and_named(receive: Receive, xlsx_file: Make) -> None:
    path = xlsx_file(A=[HEADER, *ROWS])
    book = openpyxl.load_workbook(path)
    book["A"].row_dimensions[3].hidden = True
    book.save(path)
    receipt = receive(path)
    assert len(receipt.events) == 2
    assert [f.row for f in receipt.findings if f.rule == "hidden-rows"] == [3]


def test_a_hidden_sheet_is_not_read_and_named(receive: Receive, xlsx_file: Make) -> None:
    path = xlsx_file(A=[HEADER, ROWS[0]], B=[HEADER, ROWS[1]])
    book = openpyxl.load_workbook(path)
    book["B"].sheet_state = "hidden"
    book.save(path)
    receipt = receive(path)
    assert receipt.events["entity_id"].tolist() == ["T4"]
    assert any("ausgeblendetes Blatt 'B'" in finding.message for finding in receipt.findings)


def test_a_formula_that_was_never_computed_is_named(receive: Receive, xlsx_file: Make) -> None:
    receipt = receive(xlsx_file(A=[HEADER, ROWS[1], ["Hauptstraße", "12", "51379", '="fer"&"tig"', ""]]))
    found = receipt.refused[receipt.refused["rule"] == "formula-without-value"]
    assert found["row"].tolist() == [3]
    assert "D3" in found["message"].iloc[0]


def test_broken_umlauts_are_named(receive: Receive, csv_file: Make) -> None:
    refused = receive(csv_file([HEADER, ["GÃ¶rresstraÃŸe", *ROWS[0][1:]]])).refused
    assert ("broken-text", "Straße") in set(zip(refused["rule"], refused["column"], strict=True))


def test_invisible_direction_signs_are_named(receive: Receive, csv_file: Make) -> None:
    refused = receive(csv_file([HEADER, ["Haupt\u202estraße", *ROWS[0][1:]]])).refused
    assert "broken-text" in set(refused["rule"])


def _with_member(path: Path, name: str, content: bytes) -> None:
    old = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(old)) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for member in before.infolist():
            if member.filename != name:
                after.writestr(member, before.read(member))
        after.writestr(name, content)


_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_DOCUMENT_TYPES = {
    "entity": b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>',
    "laughs": f'<!DOCTYPE x [<!ENTITY l0 "ha">{_LAUGHS}]><worksheet>&l9;</worksheet>'.encode(),
    "file": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>',
    "parameter": b'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://localhost/x.dtd"> %a;]><worksheet/>',
    "elsewhere": b'<!DOCTYPE worksheet SYSTEM "http://localhost/x.dtd"><worksheet/>',
    "bare": b"<!DOCTYPE worksheet><worksheet/>",
    "far down": b"<?xml version='1.0'?><!--" + b"x" * 100_000 + b"--><!DOCTYPE x []><worksheet/>",
    "UTF-16": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'.encode("utf-16"),
}


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml", "docProps/x.png"])
@pytest.mark.parametrize("declared", _DOCUMENT_TYPES)
def test_a_workbook_that_declares_a_document_type_anywhere_is_refused(
    receive: Receive, xlsx_file: Make, part: str, declared: str
) -> None:
    path = xlsx_file(A=[HEADER, *ROWS])
    _with_member(path, part, _DOCUMENT_TYPES[declared])
    with pytest.raises(DeliveryError, match="keine lesbare Excel-Arbeitsmappe: DTDForbidden"):
        receive(path)


def test_a_picture_in_a_workbook_is_no_document_type(receive: Receive, xlsx_file: Make) -> None:
    path = xlsx_file(A=[HEADER, *ROWS])
    _with_member(path, "xl/media/image1.png", b"\x89PNG\r\n\x1a\n<!DOCTYPE x>")
    assert receive(path).counts["targets"].rows == 2


def test_a_workbook_in_an_unknown_encoding_is_refused(receive: Receive, xlsx_file: Make) -> None:
    path = xlsx_file(A=[HEADER, *ROWS])
    _with_member(path, "xl/worksheets/sheet1.xml", b'<?xml version="1.0" encoding="klingonisch"?><worksheet/>')
    with pytest.raises(DeliveryError, match="keine lesbare Excel-Arbeitsmappe: LookupError"):
        receive(path)


def test_a_workbook_of_nested_zeros_is_refused(receive: Receive, xlsx_file: Make) -> None:
    path = xlsx_file(A=[HEADER, *ROWS])
    _with_member(path, "xl/zeros.bin", bytes(32 * 1024**2))
    with pytest.raises(DeliveryError, match="stark gepackt"):
        receive(path)


def test_a_workbook_larger_unpacked_than_allowed_is_refused(
    receive: Receive, xlsx_file: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rollout.intake.container.MAX_UNPACKED_BYTES", 5_000)
    with pytest.raises(DeliveryError, match="entpackt größer"):
        receive(xlsx_file(A=[HEADER, *ROWS]))


def test_a_lone_cell_in_the_last_corner_costs_nothing(receive: Receive, xlsx_file: Make) -> None:
    path = xlsx_file(A=[HEADER, *ROWS])
    book = openpyxl.load_workbook(path)
    book["A"]["XFD1048576"] = "x"
    book.save(path)
    assert receive(path).counts["targets"].rows == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Passwort"),
        ("a.xlsx", b"<html><table></table></html>", "HTML-Seite"),
        ("a.xlsx", b"", "leer"),
        ("a.csv", b"\xef\xbb\xbf\r\n", "leer"),
        ("a.csv", b"PK\x03\x04rest", "ZIP-Archiv"),
        ("a.csv", b"<OGRVRTDataSource/>", "VRT"),
        ("a.geojson", b"<OGRVRTDataSource/>", "VRT"),
        ("a.geojson", b"<!DOCTYPE html>", "HTML"),
        ("a.gpkg", b"{}", "JSON"),
        ("a.csv", b"a;b\0;c", "etwas anderes"),
        ("a.exe", b"MZ", "nicht angenommen"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    receive: Receive, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DeliveryError, match=message) as caught:
        receive(path)
    assert caught.value.hint
    assert caught.value.exit_code == 3


def test_a_truncated_workbook_is_refused(receive: Receive, xlsx_file: Make) -> None:
    path = xlsx_file(A=[HEADER, *ROWS])
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(DeliveryError, match="beschädigt"):
        receive(path)


@pytest.mark.parametrize("path", ["http://host/a.csv", "/vsicurl/http://host/a.csv", "WFS:a.csv"])
def test_a_remote_path_is_refused(receive: Receive, path: str) -> None:
    with pytest.raises(DeliveryError, match="keine lokale Datei"):
        receive(Path(path))


def test_an_unknown_sender_is_refused(receive: Receive, csv_file: Make) -> None:
    with pytest.raises(DeliveryError, match="steht nicht in"):
        receive(csv_file([HEADER, *ROWS]), sender="Fremde")
