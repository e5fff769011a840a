"""What a forecast says in words, and the pictures of its tables."""

from __future__ import annotations

import datetime as dt
import io
import xml.etree.ElementTree as ET
import zipfile
from typing import Any

import pandas as pd
import pytest

from rollout.analysis.forecast import Deadline
from rollout.analysis.pace import Outlook
from rollout.reporting import workbook
from rollout.reporting.curves import svg_of
from rollout.reporting.forecast_words import backtest_text, outlook_text, slip_text
from rollout.reporting.html import section_fragment
from rollout.reporting.report import Chart, Column, Kind, Report, Row, RowKind, Section

DUE = pd.Timestamp("2022-06-30")


def record(outlook: Outlook, deadline: Deadline, p10: str | None = None, p90: str | None = None) -> dict[str, Any]:
    days = {name: None if day is None else pd.Timestamp(day) for name, day in (("p10", p10), ("p90", p90))}
    return {"outlook": outlook, "deadline": deadline, "due": DUE, "refused": 0, **days}


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (record(Outlook.FORECAST, Deadline.MET, "2022-05-01", "2022-06-01"), "Termin haltbar"),
        (record(Outlook.FORECAST, Deadline.AT_RISK, "2022-05-01", "2022-08-01"), "Termin ungewiss"),
        (record(Outlook.FORECAST, Deadline.NONE, "2022-05-01", "2022-08-01"), "kein Termin zugesagt"),
        (record(Outlook.FORECAST, Deadline.MISSED, "2022-07-14", "2022-08-11"), "Termin wird um 2–6 Wochen verfehlt"),
        (record(Outlook.FORECAST, Deadline.MISSED, "2022-07-01", "2022-07-02"), "Termin wird um 1 Woche verfehlt"),
        (record(Outlook.FORECAST, Deadline.MISSED, "2022-07-14"), "Termin wird um mindestens 2 Wochen verfehlt"),
        (record(Outlook.FORECAST, Deadline.MISSED), "bei diesem Tempo in fünf Jahren nicht fertig"),
        (record(Outlook.FORECAST, Deadline.PASSED, "2022-07-14", "2022-08-01"), "Termin seit 30.06.2022 verstrichen"),
        (record(Outlook.DONE, Deadline.MET), "nichts mehr offen"),
        ({**record(Outlook.DONE, Deadline.MET), "refused": 2}, "nichts mehr offen außer Abgelehnten"),
        (
            record(Outlook.STALLED, Deadline.PASSED),
            "Termin seit 30.06.2022 verstrichen; keine Prognose: kein Fortschritt in den letzten 12 Arbeitswochen",
        ),
        (record(Outlook.NO_REPORTS, Deadline.UNKNOWN), "keine Prognose: braucht Lieferungen"),
    ],
)
def test_every_outlook_has_its_words(said: dict[str, Any], text: str) -> None:
    assert outlook_text(said) == text


@pytest.mark.parametrize(
    ("later", "earlier", "days", "months", "text"),
    [
        (2, 0, 151, 5, "2× verschoben, insgesamt +5 Monate"),
        (1, 0, 31, 1, "1× verschoben, insgesamt +1 Monat"),
        (1, 0, 10, 0, "1× verschoben, insgesamt +10 Tage"),
        (0, 1, -62, -2, "1× vorgezogen, insgesamt −2 Monate"),
        (1, 1, 0, 0, "1× verschoben, 1× vorgezogen, insgesamt ±0 Tage"),
        (0, 0, 0, 0, "nicht verschoben"),
    ],
)
def test_slips_are_counted_and_summed(later: int, earlier: int, days: int, months: int, text: str) -> None:
    said = {"first_end": DUE, "later": later, "earlier": earlier, "days": days, "months": months}
    assert slip_text(said) == text


def test_one_date_alone_says_nothing_of_slips() -> None:
    assert slip_text({"first_end": None}) == "nur ein Termin bekannt"


def test_the_back_test_names_n_of_n() -> None:
    rows = pd.DataFrame({"tried_4": [5, 5], "hit_4": [4, 4], "tried_12": [3, 2], "hit_12": [3, 1], "tried_end": 0})
    text = backtest_text(rows.assign(hit_end=0))
    assert "nach 4 Arbeitswochen 8/10 (80,0\u202f%), nach 12 Arbeitswochen 4/5 (80,0\u202f%)." in text
    assert "beim Ende" not in text
    assert "noch keine frühere Prognose" in backtest_text(rows.assign(hit_end=0) * 0)


HOSTILE = "</title><script>alert(1)</script>{{ 6*7 }} $x_1$ & <b>"


def curve(title: str = "Verlauf") -> Section:
    keys = ("planned", "done", "needed", "low", "middle", "high")
    columns = (
        Column("day", "Woche bis", Kind.DATE, "Tag."),
        *(Column(key, key, Kind.LENGTH_M, "Meter.") for key in keys),
    )
    days = [dt.date(2022, 3, 4) + dt.timedelta(days=7 * week) for week in range(8)]
    past = [(10 * at, 10 * at, None, None, None, None) for at in range(3)]
    now = [(30, 30, 30, 30, 30, 30)]
    cells = [*past, *now, *((10 * at, None, 20 * at, 9 * at, 10 * at, 12 * at) for at in range(4, 8))]
    rows = tuple(Row(RowKind.BODY, (day, *row)) for day, row in zip(days, cells, strict=True))
    lines = tuple((key, key) for key in keys)
    chart = Chart("m", lines, ("low", "high"), (("Termin", dt.date(2022, 4, 1)),), f"{title}: 30 m.")
    return Section("verlauf-1", "Verlauf 1", title, "Einleitung.", columns, rows, chart=chart)


def test_a_curve_is_one_element_with_a_name_and_a_description_and_text_that_stays_text() -> None:
    drawn = ET.fromstring(svg_of(curve()))  # noqa: S314 - our own drawing
    space = "{http://www.w3.org/2000/svg}"
    assert drawn.get("role") == "img"
    assert drawn.findtext(f"{space}title") == "Verlauf"
    assert drawn.findtext(f"{space}desc") == "Verlauf: 30 m."
    texts = {"".join(one.itertext()).strip() for one in drawn.iter(f"{space}text")}
    assert {"planned", "done", "needed", "middle", "erwartet, 10–90\u202f%", "Termin 01.04.2022", "m"} <= texts
    assert len(texts & {"04/2022", "03/2022"}) >= 1


def test_a_curve_is_the_same_twice_and_names_neither_date_nor_program() -> None:
    first = svg_of(curve())
    svg_of.cache_clear()
    assert svg_of(curve()) == first
    assert "matplotlib.org" not in first
    assert "<style" not in first
    assert "<script" not in first


def test_two_curves_on_a_page_share_no_id() -> None:
    from dataclasses import replace  # noqa: PLC0415

    ids = [
        {one.get("id") for one in ET.fromstring(svg_of(section)).iter()} - {None}  # noqa: S314 - our own drawing
        for section in (curve(), replace(curve(), key="verlauf-2"))
    ]
    assert ids[0] & ids[1] == set()


def test_hostile_words_open_no_tag() -> None:
    drawn = svg_of(curve(HOSTILE))
    ET.fromstring(drawn)  # noqa: S314 - our own drawing
    assert "<script" not in section_fragment(curve(HOSTILE))


def test_a_section_without_a_chart_cannot_be_drawn() -> None:
    plain = Section("k", "k", "k", "k", (Column("day", "d", Kind.DATE, "d."),), ())
    with pytest.raises(ValueError, match="no chart"):
        svg_of(plain)


def test_the_workbook_holds_a_chart_of_its_own_that_reads_the_sheet() -> None:
    report = Report("T", ("S",), dt.date(2022, 3, 28), sample=False, sections=(curve(),))
    with zipfile.ZipFile(io.BytesIO(workbook.render(report))) as archive:
        drawn = archive.read("xl/charts/chart1.xml").decode()
    assert drawn.count("<c:ser>") == 6
    assert "'Verlauf 1'!$C$6:$C$13" in drawn
