"""An import that is killed in the middle leaves nothing; the same file then brings everything."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from app.db import db
from app.incidents.models import Incident
from tests.imports.test_import import number

ROOT = Path(__file__).parents[2]
ROWS = 4000
PATIENCE = 120


def command(settings, path, rest, email):
    words = [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"), "import", "incidents", str(path)]
    words += ["--as", email, "--skip-bad", "--rest", str(rest)]
    return subprocess.Popen(
        words, cwd=ROOT, env=environment_of(settings), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def environment_of(settings):
    environment = {**os.environ, "AMPARO_INSTANCE": str(settings.instance)}
    environment.pop("DATABASE_URL", None)
    if settings.database_url:
        environment["DATABASE_URL"] = settings.database_url
    return environment


def wait_for(path, process):
    end = time.monotonic() + PATIENCE
    while not path.exists():
        assert process.poll() is None, process.communicate()[0].decode()
        assert time.monotonic() < end, "the import did not get as far as writing"
        time.sleep(0.01)


def test_stopped_by_hand_it_leaves_nothing_and_says_so(settings, app, world, tmp_path):
    path, rest = tmp_path / "hoja.csv", tmp_path / "rest.csv"
    lines = [f"Amenaza {n},THR.OTHER,2024-05-02,PE\n" for n in range(ROWS)]
    path.write_text("titulo,tipo principal,fecha,pais\nSin día,THR.OTHER,ayer,PE\n" + "".join(lines), encoding="utf-8")
    email = world.caseworker.email
    db.session.rollback()

    stopped = command(settings, path, rest, email)
    wait_for(rest, stopped)
    time.sleep(0.5)
    stopped.send_signal(signal.SIGINT)
    said = stopped.communicate(timeout=PATIENCE)[0].decode()

    assert stopped.returncode == 1, said
    assert "No se importó nada" in said
    assert number(Incident) == 0


def test_a_killed_import_leaves_nothing_and_the_next_one_brings_all(settings, app, world, tmp_path):
    path, rest = tmp_path / "hoja.csv", tmp_path / "rest.csv"
    lines = [f"Amenaza {n},THR.OTHER,2024-05-02,PE\n" for n in range(ROWS)]
    path.write_text("titulo,tipo principal,fecha,pais\nSin día,THR.OTHER,ayer,PE\n" + "".join(lines), encoding="utf-8")
    email = world.caseworker.email
    db.session.rollback()  # holds nothing while others write

    killed = command(settings, path, rest, email)
    wait_for(rest, killed)  # written last before the rows are
    time.sleep(0.5)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    left = number(Incident)
    db.session.rollback()
    rest.unlink()
    second = command(settings, path, rest, email)
    said = second.communicate(timeout=PATIENCE)[0].decode()

    assert killed.returncode == -signal.SIGKILL, "it was over before it was killed: let it have more rows"
    assert left == 0
    assert second.returncode == 0, said
    assert number(Incident) == ROWS
