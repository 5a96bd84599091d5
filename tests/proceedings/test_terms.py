"""Terms against days that were counted by hand on a calendar, and what must hold from any day on.

Holidays (Peru): 1 Jan | Holy Thursday and Good Friday: 28-29 Mar 2024, 17-18 Apr 2025, 2-3 Apr 2026 | 1 May | 7 Jun |
29 Jun | 23, 28, 29 Jul | 6, 30 Aug | 8 Oct | 1 Nov | 8, 9 Dec | 25 Dec.
"""

import csv
import random
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import app
from app.proceedings import terms
from app.proceedings.terms import COMMON, COMPLEX, ORGANISED, CannotCount, Rule, limitation, months_later, propose
from app.proceedings.working_days import WorkingDays
from app.vocabulary.queries import Entry

LIMA = ZoneInfo("America/Lima")
PERU = WorkingDays()
LIST = Path(app.__file__).parent / "packs" / "pe" / "proc_deadlines.csv"


def entry(key="PE-X", **extra):
    return Entry(key, "Term", "Plazo", None, None, None, 0, True, True, None, None, None, extra)


with LIST.open(encoding="utf-8", newline="") as file:
    ROWS = {row["code"]: row for row in csv.DictReader(file)}
RULES = {
    f"D{code.removeprefix('PE-D')}": Rule.read(entry(code, **{name: value for name, value in row.items() if value}))
    for code, row in ROWS.items()
}
COMPUTABLE = {name for name, rule in RULES.items() if rule.computable == "yes"}
VARIANTS = [
    (name, complexity)
    for name, rule in RULES.items()
    if rule.amount
    for complexity in (COMMON, COMPLEX, ORGANISED)
    if complexity == COMMON or complexity in rule.counting.amounts
]


def day(text):
    return date.fromisoformat(text)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=LIMA)


# (rule, kind of case, from, first day, last day); what stands between is the calendar, days in brackets do not count.
BY_HAND = [
    # Fiestas Patrias 2026. Wed 22 | (Thu 23) | Fri 24 | (25 26) | Mon 27 | (28 29) | Thu 30 | Fri 31
    #                           1                   2                3                  4        5
    ("D02", COMMON, "2026-07-21", "2026-07-22", "2026-07-31"),
    # Every day counts. Sep 3-30: 28 | Oct: 59 | Nov: 89 | Dec 31: 120, a Wednesday
    ("D03", COMMON, "2025-09-02", "2025-09-03", "2025-12-31"),
    # One day later, 120 is Thu 1 January, a holiday: it runs on to Fri 2
    ("D03", COMMON, "2025-09-03", "2025-09-04", "2026-01-02"),
    # Over a leap February. Nov 2-30: 29 | Dec: 60 | Jan: 91 | Feb 29: 120, a Thursday
    ("D03", COMMON, "2023-11-01", "2023-11-02", "2024-02-29"),
    # Jan: 31 | Feb: 59 | 1 Mar: 60, a Sunday: it runs on to Mon 2
    ("D03X", COMMON, "2025-12-31", "2026-01-01", "2026-03-02"),
    # 31 August and eight months: April has no 31; the 30th is a Wednesday
    ("D04", COMPLEX, "2024-08-31", "2024-09-01", "2025-04-30"),
    # 30 June and eight months: 28 Feb 2026 is a Saturday, it runs on to Mon 2 March ...
    ("D04", COMPLEX, "2025-06-30", "2025-07-01", "2026-03-02"),
    # ... and in a leap year the 29th is there, a Thursday
    ("D04", COMPLEX, "2023-06-30", "2023-07-01", "2024-02-29"),
    # 29 February and three years: 28 Feb 2027 is a Sunday, it runs on to Mon 1 March
    ("D05", ORGANISED, "2024-02-29", "2024-03-01", "2027-03-01"),
    # 8 Dec 2025 is a Monday and a holiday, so is Tue 9: it runs on to Wed 10
    ("D05", ORGANISED, "2022-12-08", "2022-12-09", "2025-12-10"),
    # Santa Rosa 2024. Tue 27, 28, 29 | (Fri 30, 31, 1) | Mon 2-6 | (7 8) | Mon 9, Tue 10
    #                  1       2   3                     4-8             9       10
    ("D06", COMMON, "2024-08-26", "2024-08-27", "2024-09-10"),
    # Angamos 2026. Mon 28-30: 1-3 | Oct 1, 2: 4, 5 | Mon 5-7: 6-8 | (Thu 8) | Fri 9: 9 | Mon 12-16: 10-14 | Mon 19: 15
    ("D07", COMMON, "2026-09-25", "2026-09-28", "2026-10-19"),
    # goes on: Tue 20-23: 16-19 | Mon 26-30: 20-24 | (Sun 1 November) | Mon 2-6: 25-29 | Mon 9: 30
    ("D07", COMPLEX, "2026-09-25", "2026-09-28", "2026-11-09"),
    ("D07", ORGANISED, "2026-09-25", "2026-09-28", "2026-11-09"),
    # All Saints 2024. Thu 24, 25: 1, 2 | Mon 28-31: 3-6 | (Fri 1 2 3) | Mon 4-7: 7-10
    ("D08", COMMON, "2024-10-23", "2024-10-24", "2024-11-07"),
    # 8 and 9 December 2025. Fri 28: 1 | Mon 1-5: 2-6 | (6 7 8 9) | Wed 10-12: 7-9 | Mon 15: 10
    ("D09", COMMON, "2025-11-27", "2025-11-28", "2025-12-15"),
    # Christmas 2025. Wed 24: 1 | (Thu 25) | Fri 26: 2 | (27 28) | Mon 29, 30, 31: 3-5
    ("D10", COMMON, "2025-12-23", "2025-12-24", "2025-12-31"),
    # Year end. (Thu 25) | Fri 26: 1 | Mon 29-31: 2-4 | (Thu 1 January) | Fri 2: 5
    ("D10", COMMON, "2025-12-24", "2025-12-26", "2026-01-02"),
    # Holy Week 2026. Wed 1 April: 1 | (Thu 2, Fri 3, 4 5) | Mon 6, Tue 7: 2, 3
    ("D11", COMMON, "2026-03-31", "2026-04-01", "2026-04-07"),
    # Holy Week 2025. Mon 14-16: 1-3 | (Thu 17, Fri 18, 19 20) | Mon 21-25: 4-8 | Mon 28, Tue 29: 9, 10
    ("D12", COMMON, "2025-04-11", "2025-04-14", "2025-04-29"),
    # Liberty: Sat 26, Sun 27, Mon 28 July 2025. A holiday, and there it stays
    ("D13", COMMON, "2025-07-25", "2025-07-26", "2025-07-28"),
    # 28 and 29 February, 1 March
    ("D13", COMMON, "2024-02-27", "2024-02-28", "2024-03-01"),
    # 31 May and nine months: 28 Feb 2026 is a Saturday, and there it stays
    ("D16", COMMON, "2025-05-31", "2025-06-01", "2026-02-28"),
    ("D16", COMPLEX, "2024-08-31", "2024-09-01", "2026-02-28"),
    # 29 Feb 2024 and three years: a Sunday, and there it stays
    ("D16", ORGANISED, "2024-02-29", "2024-03-01", "2027-02-28"),
    # 1 May 2026. (Fri 1, 2 3) | Mon 4-8: 1-5 | Mon 11, 12, 13: 6-8
    ("D17", COMMON, "2026-04-30", "2026-05-04", "2026-05-13"),
    # 7 June 2024. Thu 6: 1 | (Fri 7, 8 9) | Mon 10-14: 2-6 | Mon 17, 18: 7, 8
    ("D17", COMMON, "2024-06-05", "2024-06-06", "2024-06-18"),
]

BY_CLOCK = [
    # Over Fiestas Patrias: no hour is left out
    ("D14", COMMON, "2026-07-27 23:30", "2026-07-29 23:30"),
    # Over 29 February
    ("D15", COMMON, "2024-02-27 18:45", "2024-03-01 18:45"),
    ("D15", COMPLEX, "2024-02-27 18:45", "2024-03-05 18:45"),
    ("D15", ORGANISED, "2024-02-27 18:45", "2024-03-13 18:45"),
    # Over the turn of the year
    ("D15", COMMON, "2025-12-30 00:05", "2026-01-02 00:05"),
]


@pytest.mark.parametrize(("name", "complexity", "start", "first", "last"), BY_HAND)
def test_a_term_ends_on_the_day_that_was_counted_by_hand(name, complexity, start, first, last):
    term = propose(RULES[name].in_case(complexity), day(start), PERU, LIMA)

    assert (term.first_on, term.last_on) == (day(first), day(last))


@pytest.mark.parametrize(("name", "complexity", "start", "end"), BY_CLOCK)
def test_a_term_in_hours_ends_at_the_moment(name, complexity, start, end):
    term = propose(RULES[name].in_case(complexity), at(start), PERU, LIMA)

    assert term.ends_at == at(end)
    assert term.last_on == at(end).date()


def test_all_seventeen_computable_rules_were_counted_by_hand():
    assert len(COMPUTABLE) == 17
    assert {row[0] for row in [*BY_HAND, *BY_CLOCK]} == COMPUTABLE


# --- extensions and parts ------------------------------------------------------------------------


def test_the_extension_of_a_complex_investigation_is_as_long_as_the_term():
    rule = RULES["D04"].in_case(COMPLEX)
    first = propose(rule, day("2025-06-30"), PERU, LIMA)

    longer = propose(rule.extended(COMPLEX), first.nominal_on, PERU, LIMA)

    # It runs from Sat 28 Feb, where the first one ended, not from Mon 2 March to which it moved.
    assert (first.nominal_on, first.last_on) == (day("2026-02-28"), day("2026-03-02"))
    assert longer.last_on == day("2026-10-28")
    assert (longer.rule.part, longer.rule.starts_with) == (terms.EXTENSION, terms.EXPIRED)


def test_the_extension_of_organised_crime_investigation_is_three_years_more():
    # 15 March 2029 is a Thursday.
    assert propose(RULES["D05"].extended(), day("2026-03-15"), PERU, LIMA).last_on == day("2029-03-15")


@pytest.mark.parametrize(
    ("complexity", "last"), [(COMMON, "2026-11-28"), (COMPLEX, "2027-08-28"), (ORGANISED, "2027-02-28")]
)
def test_preventive_detention_is_prolonged_by_9_18_or_12_months(complexity, last):
    assert propose(RULES["D16"].extended(complexity), day("2026-02-28"), PERU, LIMA).last_on == day(last)


def test_most_rules_have_no_extension():
    assert [name for name, rule in RULES.items() if rule.extended()] == ["D04", "D05", "D16"]


def test_the_appeal_of_a_detention_has_a_hearing_and_a_decision_with_terms_in_hours():
    hearing, decision = RULES["D13"].parts()

    # The file arrives on the Friday before Fiestas Patrias; hours of days off count (NCPP 143.1).
    assert propose(hearing, at("2025-07-25 11:00"), PERU, LIMA).ends_at == at("2025-07-28 11:00")
    assert propose(decision, at("2025-07-28 10:15"), PERU, LIMA).ends_at == at("2025-07-30 10:15")
    assert (hearing.starts_with, decision.starts_with) == (terms.RECEIVED, terms.HEARD)
    assert RULES["D12"].parts() == ()


def test_the_number_that_a_prosecutor_or_judge_has_set_is_counted_instead():
    # 120 days: Dec 16-31: 16 | Jan: 47 | Feb: 76 (leap) | Mar: 107 | 13 April: 120, a Saturday: Mon 15
    set_by_prosecutor = propose(RULES["D01"].set_to(120), day("2023-12-15"), PERU, LIMA)

    assert set_by_prosecutor.last_on == day("2024-04-15")
    with pytest.raises(CannotCount):
        RULES["D01"].set_to(0)


# --- suggestions and reminders -------------------------------------------------------------------


def test_the_preliminary_enquiries_are_a_suggestion():
    # Dec 16-31: 16 | Jan: 47 | 13 Feb: 60, a Tuesday
    term = propose(RULES["D01"], day("2023-12-15"), PERU, LIMA)

    assert term.last_on == day("2024-02-13")
    assert term.is_suggestion
    assert terms.DAY_TYPE in term.questions


def test_a_trial_is_not_before_the_tenth_working_day():
    # Tue 4, Wed 5 Aug 2026: 1, 2 | (Thu 6) | Fri 7: 3 | Mon 10-14: 4-8 | Mon 17, 18: 9, 10
    term = propose(RULES["D18"], day("2026-08-03"), PERU, LIMA)

    assert term.last_on == day("2026-08-18")
    assert term.is_not_before
    assert term.is_suggestion
    assert terms.WHOLE_DAYS in term.questions


@pytest.mark.parametrize(
    ("name", "penalty", "last"),
    [
        ("D19", 5, "2017-05-28"),
        ("D20", 5, "2019-11-28"),  # seven years and a half
        ("D19", 8, "2020-05-28"),
        ("D20", 8, "2024-05-28"),
        ("D19", 35, "2032-05-28"),  # at most twenty
        ("D20", 35, "2042-05-28"),
        ("D19", "LIFE", "2042-05-28"),
        ("D20", "LIFE", "2057-05-28"),
        ("D19", "OTHER", "2014-05-28"),
        ("D20", "OTHER", "2015-05-28"),
    ],
)
def test_limitation_follows_the_longest_penalty(name, penalty, last):
    term = limitation(RULES[name], day("2012-05-28"), penalty, PERU)

    assert term.last_on == day(last)
    assert term.is_suggestion
    assert terms.LIMITATION in term.questions


def test_limitation_from_29_february_ends_on_the_last_of_a_shorter_one_and_does_not_move():
    term = limitation(RULES["D19"], day("2020-02-29"), 6, PERU)

    assert term.last_on == day("2026-02-28")  # a Saturday
    assert [step.number for step in term.steps] == [1, 2, 3, 4, 5, 6]


def test_limitation_without_a_penalty_is_not_guessed():
    with pytest.raises(CannotCount) as refused:
        limitation(RULES["D19"], day("2012-05-28"), 0, PERU)
    assert refused.value.reason == "no_penalty"
    with pytest.raises(CannotCount):
        propose(RULES["D19"], day("2012-05-28"), PERU, LIMA)


# --- what a lawyer has to decide -----------------------------------------------------------------


def test_every_term_has_to_be_confirmed_and_bears_its_norm():
    for name, complexity in VARIANTS:
        term = propose(RULES[name].in_case(complexity), day("2026-03-02"), PERU, LIMA)

        assert term.must_be_confirmed
        assert term.rule.norm


def test_what_can_be_read_in_two_ways_is_asked():
    def questions(name, start, complexity=COMMON):
        return propose(RULES[name].in_case(complexity), day(start), PERU, LIMA).questions

    assert questions("D02", "2026-03-02") == (terms.ELECTRONIC,)
    assert questions("D03", "2025-09-05") == (terms.STARTING_DAY, terms.FIRST_DAY, terms.MOVED)  # from a Friday
    assert questions("D04", "2026-03-02") == (terms.STARTING_DAY, terms.MONTHS_BY_CC)
    assert terms.ARREST_DAY in questions("D16", "2026-03-02")
    assert terms.PERHAPS_OFF in questions("D10", "2025-12-24")
    assert terms.PERHAPS_OFF not in questions("D10", "2025-12-23")
    assert terms.HOUR_UNKNOWN in questions("D14", "2026-03-02")


def test_judges_day_counts_until_an_administrator_enters_it():
    declared = WorkingDays({day("2026-08-04"): "Día del Juez"})

    asked = propose(RULES["D11"], day("2026-08-03"), PERU, LIMA)
    settled = propose(RULES["D11"], day("2026-08-03"), declared, LIMA)

    # Tue 4, Wed 5 | (Thu 6) | Fri 7 | (8 9) | Mon 10
    assert (asked.last_on, terms.PERHAPS_OFF in asked.questions) == (day("2026-08-07"), True)
    assert (settled.last_on, terms.PERHAPS_OFF in settled.questions) == (day("2026-08-10"), False)


def test_an_unknown_hour_of_arrest_is_counted_from_midnight():
    assert propose(RULES["D14"], day("2026-03-02"), PERU, LIMA).ends_at == at("2026-03-04 00:00")


# --- moments and zones ---------------------------------------------------------------------------


def test_the_hours_of_an_arrest_are_shown_in_the_zone_of_the_installation():
    # 02:10 UTC on the 3rd is 21:10 on the 2nd in Lima.
    term = propose(RULES["D14"], datetime(2026, 3, 3, 2, 10, tzinfo=ZoneInfo("UTC")), PERU, LIMA)

    assert term.start_on == day("2026-03-02")
    assert term.ends_at.isoformat() == "2026-03-04T21:10:00-05:00"
    assert [(step.number, step.at) for step in term.steps] == [
        (24, at("2026-03-03 21:10")), (48, at("2026-03-04 21:10")),
    ]  # fmt: skip


def test_48_hours_are_48_hours_where_clocks_change():
    madrid = ZoneInfo("Europe/Madrid")  # 29 March 2026, 02:00 becomes 03:00

    term = propose(RULES["D14"], datetime(2026, 3, 28, 10, 0, tzinfo=madrid), PERU, madrid)

    assert term.ends_at == datetime(2026, 3, 30, 11, 0, tzinfo=madrid)


def test_a_term_in_days_runs_from_the_local_day_of_a_moment():
    late = datetime(2026, 3, 3, 2, 10, tzinfo=ZoneInfo("UTC"))

    assert propose(RULES["D11"], late, PERU, LIMA) == propose(RULES["D11"], day("2026-03-02"), PERU, LIMA)


def test_a_moment_without_its_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        propose(RULES["D14"], datetime(2026, 3, 2, 10, 0), PERU, LIMA)


# --- the code list -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ({}, "not_a_rule"),
        ({"amount": "5", "unit": "weeks", "day_type": "business"}, "not_a_rule"),
        ({"amount": "5", "unit": "days", "day_type": "lunar"}, "not_a_rule"),
        ({"amount": "5", "unit": "months", "day_type": "business"}, "not_a_rule"),
        ({"amount": "48", "unit": "hours", "day_type": "calendar"}, "not_a_rule"),
        ({"amount": "five", "unit": "days", "day_type": "business"}, "no_amount"),
        ({"amount": "-5", "unit": "days", "day_type": "business"}, "no_amount"),
        ({"amount": "0", "unit": "days", "day_type": "business"}, "no_amount"),
        ({"amount": "99999999999", "unit": "days", "day_type": "business"}, "no_amount"),
    ],
)
def test_a_row_that_cannot_be_counted_says_why(extra, reason):
    with pytest.raises(CannotCount) as refused:
        Rule.read(entry(**extra))

    assert refused.value.reason == reason


def test_a_row_of_ones_own_is_counted_from_the_notice():
    rule = Rule.read(entry("LOCAL-1", amount="4", unit="days", day_type="business", computable="yes"))

    # Thu 12, Fri 13, Mon 16, Tue 17
    assert propose(rule, day("2026-03-11"), PERU, LIMA).last_on == day("2026-03-17")
    assert rule.starts_with == terms.NOTIFIED


def test_a_term_beyond_the_calendar_is_refused():
    with pytest.raises(CannotCount) as refused:
        propose(RULES["D05"], date(9998, 1, 1), PERU, LIMA)

    assert refused.value.reason == "out_of_range"


@pytest.mark.parametrize("name", ["D10", "D03", "D13", "D16"])
def test_the_last_days_of_the_calendar_are_refused_too(name):
    with pytest.raises(CannotCount):
        propose(RULES[name], date.max, PERU, LIMA)


# --- what must hold from any day on --------------------------------------------------------------

CHANCE = random.Random(143)
STARTS = [date(1995, 1, 1) + timedelta(days=CHANCE.randrange(36_000)) for _ in range(120)]
STARTS += [date(year, month, 28) + timedelta(days=n) for year in (2023, 2024) for month in (1, 2, 12) for n in range(5)]


def proposed(name, complexity, start, days=PERU):
    return propose(RULES[name].in_case(complexity), start, days, LIMA)


@pytest.mark.parametrize(("name", "complexity"), VARIANTS)
def test_no_term_ends_on_a_day_off_unless_liberty_is_at_stake(name, complexity):
    for start in STARTS:
        term = proposed(name, complexity, start)

        if term.rule.counting.liberty:
            assert not term.has_moved
        else:
            assert PERU.is_working(term.last_on), start


@pytest.mark.parametrize(("name", "complexity"), VARIANTS)
def test_a_term_that_starts_later_never_ends_earlier(name, complexity):
    ends = [proposed(name, complexity, start).last_on for start in sorted(STARTS)]

    assert ends == sorted(ends)


@pytest.mark.parametrize(("name", "complexity"), VARIANTS)
def test_one_more_local_day_off_never_ends_a_term_earlier(name, complexity):
    chance = random.Random(name + complexity)
    for start in STARTS:
        before = proposed(name, complexity, start)
        off = start + timedelta(days=chance.randrange(1, (before.last_on - start).days + 3))

        after = proposed(name, complexity, start, WorkingDays({off: "Duelo regional"}))

        assert after.last_on >= before.last_on
        if before.rule.counting.liberty:
            assert after.last_on == before.last_on


@pytest.mark.parametrize(("name", "complexity"), VARIANTS)
def test_as_many_steps_are_counted_as_the_rule_says(name, complexity):
    for start in STARTS:
        term = proposed(name, complexity, start)
        numbers = [step.number for step in term.steps if step.is_counted]

        stride = 24 if term.rule.unit == terms.HOURS else 1
        assert numbers == list(range(stride, term.rule.amount + 1, stride))
        assert [step.day for step in term.steps] == sorted({step.day for step in term.steps})
        assert term.start_on < term.steps[0].day
        assert term.start_on <= term.first_on <= term.nominal_on <= term.last_on == term.steps[-1].day


@pytest.mark.parametrize(("name", "complexity"), VARIANTS)
def test_the_steps_of_a_term_in_days_leave_out_no_day(name, complexity):
    for start in STARTS:
        term = proposed(name, complexity, start)
        if term.rule.unit == terms.DAYS:
            span = (term.last_on - term.start_on).days
            assert [step.day for step in term.steps] == [start + timedelta(days=n) for n in range(1, span + 1)]


def test_months_later_stays_in_the_month():
    assert months_later(day("2026-01-31"), 1) == day("2026-02-28")
    assert months_later(day("2024-01-31"), 1) == day("2024-02-29")
    assert months_later(day("2024-02-29"), 12) == day("2025-02-28")
    assert months_later(day("2025-12-31"), 2) == day("2026-02-28")
