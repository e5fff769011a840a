"""How a trench came to its state, and how it goes on: one path of steps up the ladder each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rollout.synthetic.progress import RUNGS
from rollout.synthetic.spec import Pace
from rollout.synthetic.steps import Step, number_of, spread, until
from rollout.vocabulary import BLOCKED, DROPPED

PERMITTED, DIGGING, LAID, TESTED, BLOWN = 2, 3, 4, 5, 6

# First and last day of planning: by whether the trench belongs to the districts begun last.
_PLANNING = {False: (date(2020, 12, 1), date(2021, 2, 12)), True: (date(2021, 10, 4), date(2021, 11, 12))}
_LAID_BY = {Pace.DONE: date(2021, 9, 17)}
_STEP = 13
"""Working days from one rung to the next once the duct is laid."""

_SHORTEST_REPAIR = 40
"""Working days from laying to today in which a trench can be laid, damaged and laid again."""


@dataclass(frozen=True, slots=True)
class Trench:
    """
    A trench as its story needs it.

    Attributes
    ----------
    status, since, reason, before
        As in the layer; the day as a number.
    dug
        False where existing ducts are used.
    pace
        How far the works in its district stand.
    starts
        Number of the day from which its district is worked in.
    planned
        Number of the day on which it is to be laid.
    draw
        Four random numbers from 0 to 1.
    """

    status: str
    since: int
    reason: str | None
    before: str | None
    dug: bool
    pace: Pace
    starts: int
    planned: int
    draw: tuple[float, ...]


def steps_before(trench: Trench, *, damaged: bool = False) -> list[Step]:
    """
    Return the steps that led to a trench's state.

    Parameters
    ----------
    trench
        The trench.
    damaged
        Whether its duct was torn after the cable was in, and laid again; where there was no time for it, it was not.

    Returns
    -------
    steps
        The last is the state and its day.
    """
    if trench.status == DROPPED:
        return [
            Step(RUNGS[0], min(_planning(trench), trench.since - 10)),
            Step(DROPPED, trench.since, trench.reason),
        ]
    if trench.status == BLOCKED:
        was = RUNGS.index(trench.before or RUNGS[PERMITTED])
        last = max(trench.since - 2 - round(3 * trench.draw[0]), min(trench.starts, trench.since - 1))
        return [*_climb(trench, was, last, damaged=False), Step(BLOCKED, trench.since, trench.reason)]
    return _climb(trench, RUNGS.index(trench.status), trench.since, damaged=damaged)


def _climb(trench: Trench, height: int, at: int, *, damaged: bool) -> list[Step]:
    laid = _laid_at(trench, height, at)
    above = _above(height, laid, at, damaged=damaged) if height >= LAID else []
    return [*_below(trench, min(height, LAID), laid), *above] if trench.dug else above


def _laid_at(trench: Trench, height: int, at: int) -> int:
    """Return the day of laying, or of the state itself where nothing is laid yet."""
    if height <= LAID:
        return at
    latest = number_of(_LAID_BY[trench.pace]) if trench.pace in _LAID_BY and trench.dug else at
    usual = at - (height - LAID) * _STEP - 4
    return min(max(usual, trench.starts + 6), latest, at - (height - LAID))


def _above(height: int, laid: int, at: int, *, damaged: bool) -> list[Step]:
    ladder = list(RUNGS[LAID : height + 1])
    if not (damaged and height > BLOWN and at - laid >= _SHORTEST_REPAIR):
        return spread(ladder, laid, at)
    torn = [*RUNGS[LAID : BLOWN + 1], RUNGS[DIGGING]]
    steps = spread([*torn, *ladder], laid, at)
    return [Step(step.status, step.at, "claim" if step.status == RUNGS[DIGGING] else None) for step in steps]


def _below(trench: Trench, height: int, at: int) -> list[Step]:
    """Return the steps from the plan up to, and without, the laying; or up to the state where that is lower."""
    draw = trench.draw
    days = {height: at}
    days.setdefault(DIGGING, min(max(at - 4 - round(4 * draw[0]), trench.starts), at - 1))
    days.setdefault(PERMITTED, days[DIGGING] - 3 - round(9 * draw[1]))
    days.setdefault(1, days[PERMITTED] - 20 - round(20 * draw[2]))
    days.setdefault(0, min(days[1] - 5, _planning(trench)))
    return [Step(RUNGS[rung], days[rung]) for rung in range(min(height, DIGGING) + 1)]


def _planning(trench: Trench) -> int:
    first, last = map(number_of, _PLANNING[trench.pace is Pace.BEGUN])
    return first + round((last - first) * trench.draw[3])


def steps_after(trench: Trench, now: int, end: int) -> list[Step]:
    """
    Return the steps a trench still takes.

    Parameters
    ----------
    trench
        The trench.
    now
        Number of the day its state stands for.
    end
        Number of the last day told of.

    Returns
    -------
    steps
        After `now`; a trench dropped or in service takes none.
    """
    if trench.status == DROPPED:
        return []
    steps, height, at = [], RUNGS.index(trench.before or trench.status), max(now, trench.since)
    if trench.status == BLOCKED:
        at += 8 + round(30 * trench.draw[0])
        steps = [Step(RUNGS[height], at)]
    if height < LAID:
        steps += _laying(trench, height, at)
        height, at = LAID, steps[-1].at
    elif trench.pace is Pace.BEGUN and height == LAID:
        # Existing ducts wait for the works they lead to.
        at = max(at, trench.planned)
    for place, status in enumerate(RUNGS[height + 1 :]):
        at += 9 + round(9 * trench.draw[place % 4])
        steps.append(Step(status, at))
    return until(steps, end)


def _laying(trench: Trench, height: int, at: int) -> list[Step]:
    draw = trench.draw
    laid = max(trench.planned - 5 + round(28 * draw[1]), at + 3 * (LAID - height))
    if height == DIGGING:
        return [Step(RUNGS[LAID], laid)]
    dig = max(laid - 5 - round(8 * draw[2]), at + 2 * (DIGGING - height))
    waiting = spread([RUNGS[height], *RUNGS[height + 1 : DIGGING + 1]], at, dig)
    return [*waiting[1:], Step(RUNGS[LAID], laid)]
