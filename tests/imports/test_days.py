"""Dates as people write them are read where they can mean one day only, and the dry run says how."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from app.access import unguarded
from app.db import db
from app.incidents.models import Incident
from tests.imports.test_import import number, run

OF_BOTH_DATABASES = ("sqlite",)


@pytest.fixture
def brought(app, world, tmp_path):
    """`brought(days…)` imports a sheet with these days; gives the outcome and what is on record, in order."""

    def taken(*days, country="PE", dry=False):
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], country=country, language="en")
        path = tmp_path / "hoja.csv"
        path.write_text("titulo,fecha\n" + "".join(f"Caso {n},{day}\n" for n, day in enumerate(days)))
        outcome = run(app, path, "--as", world.caseworker.email, *["--dry-run"] * dry)
        statement = select(Incident.happened_from, Incident.happened_to, Incident.happened_precision)
        rows = db.session.execute(unguarded(statement.order_by(Incident.title_es), "the test reads days")).all()
        return outcome, [tuple(row) for row in rows]

    return taken


def test_days_months_and_years_as_the_form_asks_for_them(brought):
    outcome, rows = brought("12/03/2019", "05/2021", "2019", "2019-04-05", "3.4.2020")

    assert outcome.exit_code == 0, outcome.output
    assert rows == [
        (date(2019, 3, 12), date(2019, 3, 12), "DAY"),
        (date(2021, 5, 1), date(2021, 5, 31), "MONTH"),
        (date(2019, 1, 1), date(2019, 12, 31), "YEAR"),
        (date(2019, 4, 5), date(2019, 4, 5), "DAY"),
        (date(2020, 4, 3), date(2020, 4, 3), "DAY"),
    ]


def test_a_day_that_cannot_be_a_month_tells_the_order_of_the_whole_column(brought):
    outcome, rows = brought("03/12/2019", "12/25/2019", country="US")

    assert outcome.exit_code == 0, outcome.output
    assert [row[0] for row in rows] == [date(2019, 3, 12), date(2019, 12, 25)]


def test_the_dry_run_says_how_dates_were_read(brought):
    outcome, _rows = brought("12/03/2019", dry=True)

    assert "the day stands first; 12/03/2019 is read as 12 Mar 2019" in outcome.output


def test_where_the_order_cannot_be_told_nothing_is_guessed(brought):
    outcome, rows = brought("12/03/2019", country="US")

    assert outcome.exit_code == 1
    assert "may mean two days" in outcome.output
    assert rows == []


@pytest.mark.parametrize("day", ["31/02/2020", "2020-02-31", "45/45/2020"])
def test_a_day_that_does_not_exist_is_called_so(brought, day):
    outcome, _rows = brought(day)

    assert outcome.exit_code == 1
    assert "that day does not exist" in outcome.output
    assert number(Incident) == 0


AS_SHEETS_WRITE = {
    "Thu, 01/02/2024 - 12:00": ("2024-02-01", "2024-02-01"),
    "01/02/2022 12:00:00 AM": ("2022-02-01", "2022-02-01"),
    "Mon Sep 16 2024 00:00:00 GMT-0500 (hora estándar de Perú)": ("2024-09-16", "2024-09-16"),
    "2016-02-18T05:00:00Z": ("2016-02-18", "2016-02-18"),
    "20221223": ("2022-12-23", "2022-12-23"),
    "Dec-2016": ("2016-12-01", "2016-12-31"),
    "12-dic-16": ("2016-12-12", "2016-12-12"),
    "mar 2019": ("2019-03-01", "2019-03-31"),
    "Miercoles 7 de Diciembre 2022": ("2022-12-07", "2022-12-07"),
    "Viernes 05 al Domingo 08 de Enero 2023": ("2023-01-05", "2023-01-08"),
    "Martes 24 - Miércoles 25 de Enero 2023": ("2023-01-24", "2023-01-25"),
    "Jueves 29 de Diciembre 2022 al Lunes 2 Enero 2023": ("2022-12-29", "2023-01-02"),
    "Viernes 23 y Sabado de Diciembre 2022": None,
    "Sábado 10; domingo 11 de Diciembre 2022": None,
    "diciembre del 2010": ("2010-12-01", "2010-12-31"),
    "entre 2010 y 2014": ("2010-01-01", "2014-12-31"),
    "mayo 12": None,
    "s/f": None,
}


@pytest.mark.parametrize("said", AS_SHEETS_WRITE)
def test_days_with_weekdays_hours_and_words(brought, said):
    outcome, rows = brought(f'"{said}"')

    days = [tuple(day.isoformat() for day in row[:2]) for row in rows]
    assert days == ([AS_SHEETS_WRITE[said]] if AS_SHEETS_WRITE[said] else []), outcome.output


def test_words_of_the_source_stay_with_a_day_that_was_read_from_them(brought):
    brought("fines de 2019")

    text = db.session.scalar(unguarded(select(Incident.happened_text), "the test reads it"))
    assert text == "fines de 2019"
