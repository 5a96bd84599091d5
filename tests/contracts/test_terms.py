"""In force on a day: from precise, partial and missing dates, and addenda that overlap, lapse and resume."""

from datetime import date, timedelta
from itertools import product
from random import Random

import pytest

from app.contracts.models import AMENDS, CERTAIN, ENDS, EXTENDS, POSSIBLE, RENEWS, TERM_UNKNOWN
from app.contracts.terms import FIRST_DAY, LAST_DAY, Paper, in_force, spans
from app.dates import UncertainDate
from tests.factories import when

NONE = None


def paper(signed="", starts="", ends="", effect=None, terminated="", ended_early=False):
    return Paper(when(signed), when(starts), when(ends), when(terminated), effect, ended_early)


def asked(papers, day):
    happened = when(day)
    return in_force(spans(papers), happened.earliest, happened.latest)


YEAR = paper(starts="2020-01-01", ends="2020-12-31")
SOUTHERN = [
    paper(starts="2021-02", ends="2023-01-31/2023-02-27"),
    paper(ends="2025-05", effect=EXTENDS),
    paper(signed="2025-05-20", ends="2027-05-20", effect=EXTENDS),
]


@pytest.mark.parametrize(
    ("papers", "day", "answer"),
    [
        # precise days
        ([YEAR], "2020-01-01", CERTAIN),
        ([YEAR], "2020-12-31", CERTAIN),
        ([YEAR], "2019-12-31", NONE),
        ([YEAR], "2021-01-01", NONE),
        # the incident is known to the month, the year, or between two days
        ([YEAR], "2020-06", CERTAIN),
        ([YEAR], "2020", CERTAIN),
        ([YEAR], "2020-12-20/2021-01-10", POSSIBLE),
        ([YEAR], "2021", NONE),
        ([YEAR], "", NONE),
        # the contract is known to the month or the year
        ([paper(starts="2010-12", ends="2011-12")], "2011-04", CERTAIN),
        ([paper(starts="2010-12", ends="2011-12")], "2010-12-15", POSSIBLE),
        ([paper(starts="2010-12", ends="2011-12")], "2011-12-01", CERTAIN),
        ([paper(starts="2010-12", ends="2011-12")], "2011-12-02", POSSIBLE),
        ([paper(starts="2017", ends="2020")], "2017-12-31", CERTAIN),
        ([paper(starts="2017", ends="2020")], "2017-12-30", POSSIBLE),
        ([paper(starts="2017", ends="2020")], "2020-01-02", POSSIBLE),
        ([paper(starts="2017", ends="2020")], "2021-01-01", NONE),
        ([paper(starts="/2015-05-01", ends="2016-12-31")], "2015-05-01", CERTAIN),
        ([paper(starts="/2015-05-01", ends="2016-12-31")], "2015-04-30", POSSIBLE),
        # no end on record
        ([paper(starts="2017-10-26")], "2017-10-25", NONE),
        ([paper(starts="2017-10-26")], "2017-10-27", POSSIBLE),
        ([paper(starts="2017-10-26")], "2022-04-27", POSSIBLE),
        # a signature alone says from when it may have held, not that it did
        ([paper(signed="2020-03-01", ends="2020-12-31")], "2020-06-01", POSSIBLE),
        ([paper(signed="2020-03-01", ends="2020-12-31")], "2020-02-01", NONE),
        # no beginning on record
        ([paper()], "2012-05-28", TERM_UNKNOWN),
        ([paper(ends="2014-12-31")], "2012-05-28", TERM_UNKNOWN),
        ([paper(ends="2014-12-31")], "2015-01-01", NONE),
        # an addendum extends: without a gap where it came in time
        ([YEAR, paper(signed="2020-11-15", ends="2021-12-31", effect=EXTENDS)], "2021-01-01", CERTAIN),
        ([YEAR, paper(signed="2020-11-15", ends="2021-12-31", effect=EXTENDS)], "2020-12-20/2021-01-10", CERTAIN),
        ([YEAR, paper(starts="2021-01-01", ends="2021-12-31", effect=EXTENDS)], "2020-12-20/2021-01-10", CERTAIN),
        ([YEAR, paper(signed="2020-11-15", ends="2021-12-31", effect=EXTENDS)], "2022-01-01", NONE),
        # whether it came in time is not known
        ([YEAR, paper(signed="2020-12/2021-02", ends="2021-12-31", effect=EXTENDS)], "2021-01-15", POSSIBLE),
        ([YEAR, paper(signed="2020-12/2021-02", ends="2021-12-31", effect=EXTENDS)], "2021-02-28", CERTAIN),
        ([paper(starts="2019", ends="2020"), paper(signed="2020", ends="2021", effect=EXTENDS)], "2020-06", POSSIBLE),
        ([YEAR, paper(ends="2021-12-31", effect=EXTENDS)], "2020-12-31", CERTAIN),
        ([YEAR, paper(ends="2021-12-31", effect=EXTENDS)], "2021-06-01", POSSIBLE),
        ([YEAR, paper(ends="2021-12-31", effect=EXTENDS)], "2022-01-01", NONE),
        # to an end that is not on record
        ([YEAR, paper(signed="2020-11-15", effect=EXTENDS)], "2020-12-01", CERTAIN),
        ([YEAR, paper(signed="2020-11-15", effect=EXTENDS)], "2021-12-01", POSSIBLE),
        # it had lapsed: what is extended later begins anew on that day
        ([YEAR, paper(signed="2021-03-01", ends="2021-12-31", effect=EXTENDS)], "2021-02-01", NONE),
        ([YEAR, paper(signed="2021-03-01", ends="2021-12-31", effect=EXTENDS)], "2021-03-01", CERTAIN),
        # an end that was not on record is known through the addendum
        ([paper(starts="2019-01-01"), paper(ends="2021-12-31", effect=EXTENDS)], "2021-06-01", POSSIBLE),
        ([paper(starts="2019-01-01"), paper(signed="2021", ends="2021-12-31", effect=EXTENDS)], "2020-06-01", CERTAIN),
        ([paper(starts="2019-01-01"), paper(ends="2021-12-31", effect=EXTENDS)], "2022-01-01", NONE),
        # of an undated agreement the addendum says that it held on the day of its signature
        ([paper(), paper(signed="2025-05-20", ends="2027-05-20", effect=EXTENDS)], "2026-01-01", CERTAIN),
        ([paper(), paper(signed="2025-05-20", ends="2027-05-20", effect=EXTENDS)], "2024-01-01", TERM_UNKNOWN),
        ([paper(), paper(signed="2025-05-20", ends="2027-05-20", effect=EXTENDS)], "2027-05-21", NONE),
        # a new term from its own beginning: between the two there is a gap
        ([YEAR, paper(starts="2022-01-01", ends="2022-12-31", effect=RENEWS)], "2021-06-01", NONE),
        ([YEAR, paper(starts="2022-01-01", ends="2022-12-31", effect=RENEWS)], "2022-06-01", CERTAIN),
        # terms that overlap, and terms that adjoin, are one
        ([YEAR, paper(starts="2020-06-01", ends="2021-05-31", effect=RENEWS)], "2020-12-20/2021-01-10", CERTAIN),
        ([YEAR, paper(starts="2021-01-01", ends="2021-12-31", effect=RENEWS)], "2020-12-20/2021-01-10", CERTAIN),
        # a term without an end has ended by the time a new one begins
        ([paper(starts="2015"), paper(starts="2018-01-01", ends="2018-12-31", effect=RENEWS)], "2019-06-01", NONE),
        # the term stays as it was
        ([YEAR, paper(signed="2020-05-01", effect=AMENDS)], "2020-06-01", CERTAIN),
        ([YEAR, paper(signed="2020-05-01", ends="2029-12-31", effect=AMENDS)], "2021-06-01", NONE),
        # ended before its term
        ([YEAR, paper(signed="2020-07-01", effect=ENDS)], "2020-06-30", CERTAIN),
        ([YEAR, paper(signed="2020-07-01", effect=ENDS)], "2020-07-02", NONE),
        ([paper(starts="2020-01-01", ends="2020-12-31", terminated="2020-07")], "2020-06-30", CERTAIN),
        ([paper(starts="2020-01-01", ends="2020-12-31", terminated="2020-07")], "2020-07-15", POSSIBLE),
        ([paper(starts="2020-01-01", ends="2020-12-31", terminated="2020-07")], "2020-08-01", NONE),
        ([paper(starts="2020-01-01", terminated="2020-07-10")], "2020-06-01", CERTAIN),
        ([paper(starts="2020-01-01", ends="2020-12-31", ended_early=True)], "2020-06-01", POSSIBLE),
        # two years from February 2021; an addendum without a day to May 2025; one of 20 May 2025 to 20 May 2027
        (SOUTHERN, "2022-04-27", CERTAIN),
        (SOUTHERN, "2024-03-01", POSSIBLE),
        (SOUTHERN, "2025-05-10", POSSIBLE),
        (SOUTHERN, "2025-05-20", CERTAIN),
        (SOUTHERN, "2027-05-21", NONE),
    ],
)  # fmt: skip
def test_in_force_on_a_day(papers, day, answer):
    assert asked(papers, day) == answer


DAYS = ("", "2020-03-05", "2020-03", "2020", "2020-03-05/2020-08-01", "/2020-06-01")


def true_days(value: UncertainDate, random: Random, first: date, last: date) -> date:
    earliest, latest = value.earliest or first, value.latest or last
    return earliest + timedelta(days=random.randrange((latest - earliest).days + 1))


def test_what_is_certain_holds_whatever_the_true_days_are_and_what_is_none_never_does():
    """Draw true days inside what is on record: no draw may contradict an answer."""
    random = Random(20260101)
    for starts, ends, happened in product(DAYS[1:], DAYS, DAYS[1:]):
        ends = ends.replace("2020", "2021")
        answer = asked([paper(starts=starts, ends=ends)], happened)
        for _draw in range(40):
            begin = true_days(when(starts), random, date(2018, 1, 1), date(2023, 1, 1))
            end = true_days(when(ends), random, date(2020, 9, 1), date(2024, 1, 1))
            day = true_days(when(happened), random, date(2018, 1, 1), date(2023, 1, 1))
            holds = begin <= day <= end
            assert holds or answer != CERTAIN, (starts, ends, happened, begin, end, day)
            assert not holds or answer is not None, (starts, ends, happened, begin, end, day)


def test_spans_of_one_kind_never_touch_and_what_is_certain_is_possible():
    random = Random(7)
    effects = (EXTENDS, RENEWS, AMENDS, ENDS)
    for _draw in range(400):
        papers = [paper(random.choice(DAYS), random.choice(DAYS), random.choice(DAYS).replace("2020", "2021"))]
        for _number in range(random.randrange(4)):
            days = (random.choice(DAYS).replace("2020", str(2020 + random.randrange(6))) for _ in range(3))
            papers.append(paper(*days, effect=random.choice(effects)))

        found = spans(papers)

        for kind in (CERTAIN, POSSIBLE, TERM_UNKNOWN):
            stretches = sorted((span.from_day, span.to_day) for span in found if span.kind == kind)
            for (_, earlier), (later, _) in zip(stretches, stretches[1:], strict=False):
                assert earlier < LAST_DAY and later > earlier + timedelta(days=1)
        for span in found:
            assert FIRST_DAY <= span.from_day <= span.to_day <= LAST_DAY
            if span.kind == CERTAIN:
                assert any(
                    other.kind in (POSSIBLE, TERM_UNKNOWN) and other.from_day <= span.from_day <= other.to_day
                    for other in found
                )
