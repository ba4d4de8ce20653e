from datetime import date
from functools import partial

import pytest

from bot.complaints.ticket import (
    ACCEPTED,
    CLOSED,
    MOVES,
    OPEN,
    REJECTED,
    WAITING,
    WITHDRAWN,
    WORKING,
    MoveRefused,
    add_working_days,
    moved,
    overwritten_on,
    urgency,
)
from bot.knowledge.calendar import is_workday

STATES = {WAITING, ACCEPTED, WORKING, CLOSED, REJECTED, WITHDRAWN}


def test_a_ticket_goes_its_way():
    state = WAITING
    for move in ("accept", "start", "reply", "resolve", "dissatisfied", "resolve", "rate"):
        state = moved(state, move, "说明")
    assert state == CLOSED


@pytest.mark.parametrize("move", MOVES)
def test_no_move_leaves_the_states_and_a_withdrawn_ticket_stays_withdrawn(move):
    assert {moved(state, move, "说明") for state in MOVES[move].before} <= STATES
    with pytest.raises(MoveRefused, match="撤回|不能"):
        moved(WITHDRAWN, move, "说明")


@pytest.mark.parametrize("move", [name for name, rule in MOVES.items() if rule.needs_reason])
def test_what_others_must_understand_needs_words(move):
    with pytest.raises(MoveRefused, match="写明"):
        moved(next(iter(MOVES[move].before)), move, "  ")


def test_only_what_is_closed_is_rated_and_only_what_is_open_is_urged():
    for state in OPEN:
        with pytest.raises(MoveRefused):
            moved(state, "rate")
    with pytest.raises(MoveRefused, match="办结"):
        moved(CLOSED, "urge")


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 11, 23), 7, date(2026, 12, 2)),  # one weekend between
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # over National Day
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2030, 1, 4), 5, date(2030, 1, 11)),  # a year without an arrangement: Monday to Friday
    ],
)
def test_working_days_are_the_offices_own(start, days, end):
    assert add_working_days(start, days, partial(is_workday, overlay={})) == end


def test_footage_is_gone_after_the_days_it_must_be_kept():
    assert overwritten_on(date(2026, 11, 1), 90) == date(2027, 1, 30)


@pytest.mark.parametrize(
    ("emergency", "serious", "due", "overwritten", "level"),
    [
        (True, False, date(2026, 12, 9), None, 0), (False, False, date(2026, 11, 22), None, 0), (False, True, date(2026, 12, 9), None, 1),
        (False, False, date(2026, 11, 24), None, 1), (False, False, date(2026, 12, 9), date(2026, 12, 7), 1),
        (False, False, date(2026, 12, 9), date(2026, 12, 8), 2), (False, False, date(2026, 12, 9), date(2026, 11, 1), 2),
    ],
)  # fmt: skip
def test_what_comes_first(emergency, serious, due, overwritten, level):
    assert urgency(emergency, serious, due, overwritten, date(2026, 11, 23)) == level


def test_a_year_that_the_calendar_lacks_is_taken_from_the_overlay():
    overlay = {
        2031: (frozenset({date(2031, 1, 1), date(2031, 1, 2)}), frozenset({date(2031, 1, 4)}))
    }  # Wednesday and Thursday off, Saturday worked
    assert add_working_days(date(2030, 12, 31), 1, partial(is_workday, overlay=overlay)) == date(2031, 1, 3)
    assert add_working_days(date(2030, 12, 31), 2, partial(is_workday, overlay=overlay)) == date(2031, 1, 4)
    assert not is_workday(date(2026, 10, 1), {2026: (frozenset(), frozenset({date(2026, 10, 1)}))})  # what is published is not overlaid
