"""Which paper says what on a day, and between which days an agreement began or ended."""

from datetime import date

import pytest

from app.contracts.in_force import Verdict, nearest_day, said_on, verdict_on
from app.contracts.models import AMENDS, CERTAIN, ENDS, EXTENDS, POSSIBLE, TERM_UNKNOWN, Contract
from app.contracts.terms import Paper, spans
from tests.factories import when


def paper(title, *, effect=None, parent=None, officers=None, **days):
    found = Contract(title=title, effect=effect, parent=parent, officers_least=officers)
    for name in ("signed", "starts", "ends", "terminated"):
        setattr(found, name, when(days.get(name, "")))
    return found


def verdict(day, **days):
    given = {name: when(days.get(name, "")) for name in ("signed", "starts", "ends", "terminated")}
    return verdict_on(spans([Paper(**given)]), date.fromisoformat(day))


def d(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("day", "days", "wanted"),
    [
        ("2020-05-01", {"starts": "2020-01-01", "ends": "2020-12-31"}, (CERTAIN, None, None)),
        ("2021-01-01", {"starts": "2020-01-01", "ends": "2020-12-31"}, (None, None, None)),
        ("2020-06-01", {"starts": "2020", "ends": "2022-12-31"}, (POSSIBLE, ("2020-01-01", "2020-12-31"), None)),
        ("2022-06-01", {"starts": "2020-01-01", "ends": "2022"}, (POSSIBLE, None, ("2022-01-01", "2022-12-31"))),
        ("2019-06-01", {"starts": "/2020-05-01", "ends": "2020-12-31"}, (POSSIBLE, (None, "2020-05-01"), None)),
        ("2025-06-01", {"starts": "2020-01-01"}, (POSSIBLE, None, None)),
        ("2020-06-01", {"starts": "2020", "ends": "2020"}, (POSSIBLE, None, None)),
        ("2020-06-01", {}, (TERM_UNKNOWN, None, None)),
    ],
    ids=str,
)
def test_a_verdict_says_between_which_days_it_began_or_ended(day, days, wanted):
    found = verdict(day, **days)

    def written(ends):
        return ends and tuple(end and end.isoformat() for end in ends)

    assert (found.kind, written(found.began), written(found.ended)) == wanted


def test_open_ends_are_nobodys_days():
    found = verdict("2025-06-01", starts="2020-01-01")

    assert (found.since, found.until) == (d("2020-01-01"), None)
    assert verdict_on([], d("2025-06-01")) == Verdict(None)


def test_the_nearest_day_on_which_it_held():
    term = spans([Paper(starts=when("2020-01-01"), ends=when("2020-12-31"))])

    assert nearest_day(term, d("2023-01-01")) == d("2020-12-31")
    assert nearest_day(term, d("2019-01-01")) == d("2020-01-01")
    assert nearest_day(spans([Paper()]), d("2019-01-01")) is None


def officers(chain, day):
    """(title of the paper, what it says, surely) of the officers on a day."""
    return [
        (said.paper.title, said.value, said.surely) for said in said_on(chain, d(day), lambda one: one.officers_least)
    ]


@pytest.fixture
def chain():
    base = paper("agreement", starts="2020-01-01", ends="2021-12-31", officers=20)
    first = paper("first", effect=AMENDS, parent=base, signed="2020-06", officers=30)
    second = paper("second", effect=EXTENDS, parent=base, starts="2022-01-01", ends="2022-12-31")
    third = paper("third", effect=AMENDS, parent=base, starts="2022-03-01", ends="2022-05-31", officers=50)
    over = paper("over", effect=ENDS, parent=base, starts="2022-10-01", officers=1)
    return [base, first, second, third, over]


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        ("2020-03-01", [("agreement", 20, True)]),
        ("2020-06-10", [("first", 30, False), ("agreement", 20, True)]),
        ("2020-07-01", [("first", 30, True)]),
        ("2022-02-01", [("first", 30, True)]),
        ("2022-04-01", [("third", 50, True)]),
        ("2022-07-01", [("first", 30, True)]),
        ("2022-11-01", [("first", 30, True)]),
    ],
)
def test_the_last_paper_in_effect_that_states_it_is_the_answer(chain, day, wanted):
    assert officers(chain, day) == wanted


def test_what_no_paper_states_is_not_on_record(chain):
    assert said_on(chain, d("2020-07-01"), lambda one: one.scope) == []


def test_a_paper_without_any_day_only_may_be_in_effect():
    base = paper("agreement", starts="2020", officers=20)

    assert officers([base, paper("undated", effect=AMENDS, parent=base, officers=9)], "2020-07-01") == [
        ("undated", 9, False),
        ("agreement", 20, True),
    ]
