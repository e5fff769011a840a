"""How a connection came to its state, and how it goes on, never ahead of its trench where it can be helped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rollout.synthetic.connections import AT_PROPERTY, CONNECTED, ENTRY, RUNGS
from rollout.synthetic.steps import NEVER, Step, number_of, until
from rollout.vocabulary import DROPPED, REFUSED

# Working days that reaching each rung takes after the one below: least and most.
_TAKES = ((0, 0), (10, 30), (15, 40), (10, 25), (10, 30), (4, 14), (3, 10), (3, 10), (8, 20), (5, 25))
_LISTED = (date(2021, 2, 1), date(2021, 3, 29))
"""When the addresses were found to be eligible."""

_EXTENDED_FROM = date(2022, 9, 5)
"""Houses that the grant does not pay for come after those it does."""

_EXTENDED_SHARE, _SILENT_SHARE, _REFUSING_SHARE, _WON_SHARE, _ORDERING_SHARE = 0.3, 0.06, 0.11, 0.15, 0.5


@dataclass(frozen=True, slots=True)
class Connection:
    """
    A connection as its story needs it.

    Attributes
    ----------
    status, since, reason
        As in the layer; the status may be None, the day is a number.
    funded
        Whether the grant pays for it.
    public
        Whether it is a school or the hospital.
    gates
        For each rung, the number of the day on which its trench allows it.
    draw
        Four random numbers from 0 to 1.
    """

    status: str | None
    since: int
    reason: str | None
    funded: bool
    public: bool
    gates: tuple[int, ...]
    draw: tuple[float, ...]


def steps_before(house: Connection) -> list[Step]:
    """
    Return the steps that led to a connection's state.

    Parameters
    ----------
    house
        The connection.

    Returns
    -------
    steps
        The last is the state and its day; none where the layer has no state.
    """
    if house.status is None:
        return []
    if house.status == DROPPED:
        return [Step(RUNGS[0], min(_listed(house), house.since - 1)), Step(DROPPED, house.since, house.reason)]
    if house.status == REFUSED:
        asked = house.since - _taking(house, 1)
        listed = Step(RUNGS[0], min(_listed(house), asked - 1))
        return [listed, Step(RUNGS[1], asked), Step(REFUSED, house.since, house.reason)]
    rung = RUNGS.index(house.status)
    days = {rung: house.since}
    for below in range(rung - 1, -1, -1):
        usual = days[below + 1] - _taking(house, below + 1)
        gate = house.gates[below] + 1 if house.gates[below] < NEVER else 0
        days[below] = min(days[below + 1] - 1, max(usual, gate))
    if rung:
        days[0] = min(days[1] - 1, _listed(house))
    return [Step(RUNGS[at], days[at]) for at in range(rung + 1)]


def _listed(house: Connection) -> int:
    first, last = map(number_of, _LISTED)
    return first + round((last - first) * house.draw[3])


def _taking(house: Connection, rung: int) -> int:
    least, most = _TAKES[rung]
    return least + round((most - least) * house.draw[rung % 4])


def steps_after(house: Connection, now: int, end: int) -> list[Step]:
    """
    Return the steps a connection still takes.

    Parameters
    ----------
    house
        The connection.
    now
        Number of the day its state stands for.
    end
        Number of the last day told of.

    Returns
    -------
    steps
        After `now`; those that the grant does not pay for begin late and do not get far.
    """
    if house.status is None:
        return until([Step(RUNGS[0], now + 10 + round(20 * house.draw[0]))], end)
    if house.status == DROPPED:
        return []
    if house.status == REFUSED:
        won = house.funded and house.draw[1] < _WON_SHARE
        again = Step(RUNGS[2], now + 20 + round(60 * house.draw[0]))
        return until([again, *_climbing(house, 2, again.at, CONNECTED)], end) if won else []
    rung = RUNGS.index(house.status)
    if not house.funded:
        begin = number_of(_EXTENDED_FROM) + round(50 * house.draw[0])
        late = house.draw[1] < _EXTENDED_SHARE
        return until(_climbing(house, rung, begin, min(rung + 2, ENTRY)), end) if late else []
    return until(_funded(house, rung, now), end)


def _funded(house: Connection, rung: int, now: int) -> list[Step]:
    begin = now + 1 + round(45 * house.draw[0] if rung < AT_PROPERTY else 10 * house.draw[0])
    highest = len(RUNGS) - 1 if house.draw[3] < _ORDERING_SHARE else len(RUNGS) - 2
    steps = _climbing(house, rung, begin, highest)
    if rung > 1 or house.public:
        return steps
    if house.draw[2] < _SILENT_SHARE:
        return [step for step in steps if step.status == RUNGS[1]]
    if house.draw[2] < _REFUSING_SHARE:
        asked = [step for step in steps if step.status == RUNGS[1]]
        refused = (asked[-1].at if asked else begin) + _taking(house, 1)
        return [*asked, Step(REFUSED, refused, "declined" if house.draw[1] < _ORDERING_SHARE else "unreachable")]
    return steps


def _climbing(house: Connection, rung: int, at: int, highest: int) -> list[Step]:
    steps = []
    for place in range(rung + 1, highest + 1):
        at = max(at + max(_taking(house, place), 1), house.gates[place] + 1)
        steps.append(Step(RUNGS[place], at))
    return steps
