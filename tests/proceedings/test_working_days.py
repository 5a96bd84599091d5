"""The days on which Peru's courts work, as anybody can read them from a calendar on the wall."""

import random
from datetime import date, timedelta

from app.proceedings.working_days import HOLIDAY, LOCAL, WEEKEND, DayOff, Step, WorkingDays

PERU = WorkingDays()


def test_a_working_day_has_no_reason():
    assert PERU.is_working(date(2026, 7, 27))  # the Monday before Fiestas Patrias
    assert PERU.off(date(2026, 7, 27)) is None


def test_a_holiday_has_its_name_in_both_languages():
    off = PERU.off(date(2026, 7, 28))

    assert off.kind == HOLIDAY
    assert off.name_in("es") == "Día de la Independencia"
    assert off.name_in("en") == "Independence Day"


def test_the_holidays_of_a_year_on_weekdays():
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]

    closed = {f"{day:%d.%m}" for day in year if day.weekday() < 5 and not PERU.is_working(day)}

    # 7 June, 30 August and 1 November are Sundays in 2026.
    expected = "01.01 02.04 03.04 01.05 29.06 23.07 28.07 29.07 06.08 08.10 08.12 09.12 25.12"
    assert closed == set(expected.split())


def test_a_holiday_is_none_before_its_law():
    assert PERU.is_working(date(2019, 12, 9))  # Ayacucho is a holiday since 2022
    assert not PERU.is_working(date(2025, 12, 9))


def test_a_weekend_says_so_unless_it_is_a_holiday_too():
    assert PERU.off(date(2026, 8, 29)) == DayOff(WEEKEND)
    assert PERU.off(date(2026, 8, 30)).kind == HOLIDAY


def test_a_local_day_off_bears_the_words_of_whoever_entered_it():
    days = WorkingDays({date(2026, 7, 27): "Puente por Fiestas Patrias"})

    assert days.off(date(2026, 7, 27)) == DayOff(LOCAL, "Puente por Fiestas Patrias", "Puente por Fiestas Patrias")


def test_the_way_to_the_next_working_day_shows_what_it_passes():
    # Fri 24 July 2026, then Sat, Sun, Mon 27 (closed here), Tue 28 and Wed 29, Thu 30.
    days = WorkingDays({date(2026, 7, 27): "Puente"})

    steps = days.to_next(date(2026, 7, 24))

    assert [(step.day.day, step.off.kind if step.off else None) for step in steps] == [
        (25, WEEKEND), (26, WEEKEND), (27, LOCAL), (28, HOLIDAY), (29, HOLIDAY), (30, None),
    ]  # fmt: skip
    assert days.next_after(date(2026, 7, 24)) == date(2026, 7, 30)


def test_counting_shows_each_day_with_its_number_or_its_reason():
    # Wed 1 April 2026 | Thu 2 and Fri 3 of Holy Week | Sat, Sun (Easter, a holiday by name) | Mon 6, Tue 7
    steps = PERU.count(date(2026, 3, 31), 3)

    assert [(step.day.day, step.number) for step in steps] == [
        (1, 1), (2, None), (3, None), (4, None), (5, None), (6, 2), (7, 3),
    ]  # fmt: skip
    assert [step.off.name_en for step in steps if step.is_skipped] == [
        "Maundy Thursday",
        "Good Friday",
        "",
        "Easter Sunday",
    ]
    assert steps[0] == Step(date(2026, 4, 1), 1)


def test_days_that_the_judiciary_may_keep_free_are_named_but_counted():
    assert PERU.is_working(date(2026, 8, 4))
    assert PERU.perhaps_off(date(2026, 8, 4)).name_in("en") == "Judges' Day"
    assert PERU.perhaps_off(date(2026, 1, 2)).name_in("es") == "Inicio del año judicial"
    assert PERU.perhaps_off(date(2026, 1, 5)) is None


def test_what_is_off_anyhow_is_no_longer_perhaps_off():
    declared = WorkingDays({date(2026, 8, 4): "Día del Juez"})

    assert declared.perhaps_off(date(2026, 8, 4)) is None
    assert PERU.perhaps_off(date(2024, 8, 4)) is None  # a Sunday


def test_another_country_has_its_own_days():
    colombia = WorkingDays(country="CO")

    assert not colombia.is_working(date(2026, 7, 20))
    assert colombia.is_working(date(2026, 7, 28))
    assert colombia.perhaps_off(date(2026, 8, 4)) is None


def test_a_country_that_the_library_does_not_know_has_weekends_only():
    nowhere = WorkingDays(country="ZZ")

    assert nowhere.is_working(date(2026, 1, 1))
    assert not nowhere.is_working(date(2026, 1, 3))


def test_counting_leaves_out_no_day_and_counts_none_that_is_off():
    chance = random.Random(20260728)
    for _ in range(300):
        start, amount = date(1990, 1, 1) + timedelta(days=chance.randrange(36_500)), chance.randint(1, 40)

        steps = PERU.count(start, amount)

        assert [step.day for step in steps] == [start + timedelta(days=n) for n in range(1, len(steps) + 1)]
        assert [step.number for step in steps if step.is_counted] == list(range(1, amount + 1))
        assert all(step.is_counted == PERU.is_working(step.day) for step in steps)
