"""What a package says of itself."""

from __future__ import annotations

import datetime as dt

import pytest

from rollout.audiences import Audience, Figures, Trenches
from rollout.sharing.notice import expires_on, notice_of
from rollout.vocabulary import STATUS_LABELS
from tests.drawing import project
from tests.sharing.towns import layers_of, town_of

TOWN = town_of(layers_of(3))


@pytest.mark.parametrize("audience", project().audiences.values(), ids=[*project().audiences])
def test_the_first_four_lines_are_recipient_purpose_day_and_expiry(audience: Audience) -> None:
    lines = notice_of(audience, TOWN)
    assert lines[:2] == (f"Empfänger: {audience.recipient}", f"Zweck: {audience.purpose}")
    assert lines[2] == "Stand: 28.03.2022"
    assert lines[3].startswith("gültig bis: ")
    assert expires_on(audience, TOWN) == dt.date(2022, 3, 28) + dt.timedelta(days=audience.valid_days)


@pytest.mark.parametrize("audience", project().audiences.values(), ids=[*project().audiences])
def test_the_notice_names_no_status_that_is_told_as_another(audience: Audience) -> None:
    text = " ".join(notice_of(audience, TOWN))
    for layer, told in audience.told_as.items():
        for status in set(told) - audience.words(layer):
            assert f"„{STATUS_LABELS[status]}“" not in text


def test_what_is_not_in_a_package_is_said() -> None:
    audiences = project().audiences
    assert "Nicht enthalten: Trassen, einzelne Anschlüsse, Netzknoten." in notice_of(audiences["public"], TOWN)
    assert any("Namen von Einrichtungen" in line for line in notice_of(audiences["evl"], TOWN))
    assert any("„angeschlossen“ steht für mehrere Schritte" in line for line in notice_of(audiences["evl"], TOWN))
    assert any("nur solche mit Stand „Rohr bis" in line for line in notice_of(audiences["netcologne"], TOWN))
    assert any("nur als Straße" in line for line in notice_of(audiences["council"], TOWN))
    assert not any("Nicht enthalten" in line for line in notice_of(audiences["city"], TOWN))


def test_single_connections_are_called_confidential() -> None:
    audiences = project().audiences
    marked = {name for name, one in audiences.items() if any("Vertraulich" in line for line in notice_of(one, TOWN))}
    assert marked == {"city", "evl", "netcologne"}


def test_rounded_places_are_said_to_be_so() -> None:
    targets = ("programme_id", "category", "drive", "status")
    audience = Audience(
        title="Büro", recipient="B", purpose="P", columns={"targets": targets}, precision_m=50, figures=Figures.ROWS
    )
    lines = notice_of(audience, TOWN)
    assert audience.trenches is Trenches.NONE
    assert "Lage: auf 50\u202fm gerundet." in lines
    assert any("Kennungen der Anschlüsse, vollständige Adressen" in line for line in lines)
    assert any("berechnete Erreichbarkeit" in line for line in lines)
