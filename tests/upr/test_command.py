"""`upr` on the command line."""

import csv
from datetime import timedelta

import pytest

from app.audit import AuditEntry
from app.db import db
from app.upr import pack as packs
from app.upr.models import Pack, PackRecord


@pytest.fixture
def upr(app, world, tmp_path):
    """`upr(…words)` runs the command; the folder is tmp_path/pack unless the words name another."""

    def ran(*words, by=None, out=None):
        db.session.commit()
        email = by if isinstance(by, str) else (by or world.coordinator).email
        given = ["upr", "--out", str(out or tmp_path / "pack"), "--as", email, *words]
        return app.test_cli_runner().invoke(args=given)

    return ran


IN_2024 = ("--country", "PE", "--from", "2024-01-01", "--to", "2024-12-31")


def rows_in(folder):
    with (folder / "incidents.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_it_writes_the_pack_and_notes_who_took_it(world, upr, leaving, tmp_path):
    incident = leaving()

    told = upr(*IN_2024)

    assert told.exit_code == 0, told.output
    assert [row["incident_ref"] for row in rows_in(tmp_path / "pack")] == [incident.reference]
    pack = db.session.query(Pack).one()
    assert (pack.made_by_id, pack.team_id, pack.rows, pack.country) == (
        world.coordinator.id, world.south.id, 1, "PER",
    )  # fmt: skip
    assert db.session.query(PackRecord).one().incident_id == incident.id
    entry = db.session.query(AuditEntry).filter_by(deed="export_taken").one()
    assert (entry.actor_id, entry.row_id) == (world.coordinator.id, pack.id)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pack"]


def test_country_may_be_written_with_two_or_three_letters(upr, tmp_path):
    assert upr("--country", "PER", "--from", "2024-01-01", out=tmp_path / "a").exit_code == 0
    assert upr("--country", "pe", "--from", "2024-01-01", out=tmp_path / "b").exit_code == 0


def test_without_a_period_it_begins_after_the_last_deadline(upr, leaving, tmp_path):
    from datetime import date

    counted = leaving(on=date(2022, 12, 8))
    leaving(on=date(2022, 7, 14))

    assert upr().exit_code == 0

    assert [row["incident_ref"] for row in rows_in(tmp_path / "pack")] == [counted.reference]
    assert db.session.query(Pack).one().period_from == date(2022, 7, 15)


def test_delimiter_mark_and_language_can_be_chosen(upr, tmp_path):
    assert upr(*IN_2024, "--delimiter", ";", "--no-bom", "--lang", "es").exit_code == 0

    assert (tmp_path / "pack" / "incidents.csv").read_bytes().startswith(b"incident_ref;case_ref")
    assert "personas defensoras" in (tmp_path / "pack" / "README.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "field", "code"),
    [
        (["--country", "ZZ"], "country", "unknown_country"),
        (["--country", "Perú"], "country", "unknown_country"),
        (["--country", "GT"], "from", "required"),
        (["--from", "2024-02-30"], "from", "malformed"),
        (["--from", "15/07/2022"], "from", "malformed"),
        (["--to", "2024-W10-1"], "to", "malformed"),
        (["--to", "9999-12-31"], "to", "in_the_future"),
        (["--from", "2024-02-01", "--to", "2024-01-01"], "from", "from_after_to"),
        (["--lang", "fr"], "lang", "unknown_choice"),
        (["--delimiter", "tab"], "delimiter", "unknown_choice"),
    ],
)
def test_a_wish_that_cannot_be_met_writes_nothing(upr, tmp_path, words, field, code):
    told = upr(*words)

    assert told.exit_code == 2
    assert f"--{field}: " in told.output
    assert code not in told.output
    assert list(tmp_path.iterdir()) == []
    assert db.session.query(Pack).count() == 0


def test_today_is_possible_and_tomorrow_is_not(upr, tomorrow, tmp_path):
    assert upr("--to", (tomorrow - timedelta(days=1)).isoformat(), out=tmp_path / "a").exit_code == 0
    assert upr("--to", tomorrow.isoformat(), out=tmp_path / "b").exit_code == 2


def test_all_problems_are_told_at_once_in_the_language_of_the_installation(world, upr):
    world.coordinator.language = "en"

    told = upr("--country", "ZZ", "--from", "ayer")

    assert "no es un código de país" in told.output
    assert "no es un día" in told.output


@pytest.mark.parametrize("who", ["caseworker", "analyst", "administrator", "auditor"])
def test_only_coordinators_take_packs(world, upr, who, tmp_path):
    told = upr(*IN_2024, by=getattr(world, who))

    assert told.exit_code == 2
    assert "--as: Solo" in told.output
    assert not (tmp_path / "pack").exists()


def test_an_account_that_is_not_there_or_was_closed_takes_none(world, upr):
    assert "--as: No hay" in upr(*IN_2024, by="nobody@example.org").output
    world.coordinator.active = False
    assert "--as: No hay" in upr(*IN_2024).output


def test_a_folder_that_holds_anything_is_left_as_it_is(upr, tmp_path):
    letter = tmp_path / "pack" / "letter.txt"
    letter.parent.mkdir()
    letter.write_text("mine")

    told = upr(*IN_2024)

    assert (told.exit_code, "--out: " in told.output) == (2, True)
    assert list(letter.parent.iterdir()) == [letter]
    assert db.session.query(Pack).count() == 0


def test_an_empty_folder_is_taken(upr, tmp_path):
    (tmp_path / "pack").mkdir()

    assert upr(*IN_2024).exit_code == 0
    assert (tmp_path / "pack" / "SHA256SUMS").exists()


def test_an_empty_result_is_no_error_unless_asked_to_be(upr, tmp_path):
    assert upr(*IN_2024, out=tmp_path / "a").exit_code == 0
    assert upr(*IN_2024, "--fail-on-empty", out=tmp_path / "b").exit_code == 4
    assert rows_in(tmp_path / "b") == []


def test_when_it_breaks_nothing_is_left(upr, leaving, tmp_path, monkeypatch):
    leaving()

    def broken(*_given):
        raise KeyError("Killa Ejemplo")

    monkeypatch.setattr(packs, "readme", broken)
    told = upr(*IN_2024)

    assert told.exit_code == 1
    assert "Killa" not in told.output
    assert list(tmp_path.iterdir()) == []
    assert db.session.query(Pack).count() == 0


def test_when_noting_it_fails_nothing_leaves(upr, leaving, tmp_path, monkeypatch):
    from app.upr import cli

    def broken(*_given):
        raise OSError("disk full")

    leaving()
    monkeypatch.setattr(cli, "record_pack", broken)
    told = upr(*IN_2024)

    assert told.exit_code == 1
    assert list(tmp_path.iterdir()) == []
