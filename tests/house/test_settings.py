"""A wrong setting gets one sentence that names it; a data directory keeps to its kind; the key is one's own."""

import stat

import pytest

from app import create_app
from app.commands import mark_directory
from app.db import check_sqlite_version, database_file, db
from config import SettingError, Settings

WRONG = {
    "AMPARO_TIMEZONE": "Lima",
    "AMPARO_LANGUAGE": "qu",
    "AMPARO_COUNTRY": "Perú",
    "AMPARO_IMPORT_MAX_ROWS": "many",
    "AMPARO_MAX_REQUEST_BYTES": "-1",
    "AMPARO_EVIDENCE_MAX_BYTES": "25 MB",
    "DATABASE_URL": "mysql://localhost/amparo",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_is_named(name):
    with pytest.raises(SettingError, match=name):
        Settings.from_environment({name: WRONG[name]})


def test_defaults_and_synonyms():
    settings = Settings.from_environment({"AMPARO_COUNTRY": "per", "DATABASE_URL": "postgres://localhost/amparo"})

    assert settings.country == "PE"
    assert settings.database_url == "postgresql+psycopg://localhost/amparo"
    assert settings.timezone == "America/Lima"


def test_an_old_sqlite_is_refused():
    with pytest.raises(SettingError, match=r"3\.40\.0"):
        check_sqlite_version((3, 40, 0))


def test_the_file_is_encrypted_and_its_key_is_nobody_elses_business(tmp_path):
    app = create_app(Settings(instance=tmp_path / "data", testing=True))
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("create table plain_words (word text)")
        db.engine.dispose()

    content = database_file(tmp_path / "data").read_bytes()
    assert not content.startswith(b"SQLite format 3")
    assert b"plain_words" not in content
    assert stat.S_IMODE((tmp_path / "data" / "key").stat().st_mode) == 0o600


def test_a_database_without_its_key_is_not_opened(tmp_path):
    app = create_app(Settings(instance=tmp_path, testing=True))
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("create table something (word text)")
    (tmp_path / "key").unlink()

    with pytest.raises(SettingError, match="key"):
        create_app(Settings(instance=tmp_path, testing=True))


def test_a_damaged_key_is_named(tmp_path):
    (tmp_path / "key").write_text("short\n")

    with pytest.raises(SettingError, match="damaged"):
        create_app(Settings(instance=tmp_path, testing=True))


@pytest.mark.parametrize(("made_as", "wanted"), [("demo", "real"), ("real", "demo")])
def test_a_data_directory_keeps_to_its_kind(tmp_path, made_as, wanted):
    app = create_app(Settings(instance=tmp_path, testing=True))
    with app.app_context():
        mark_directory(made_as)

        with pytest.raises(Exception, match=made_as):
            mark_directory(wanted)
