"""The one command, as far as it goes without installing anything."""

import itertools
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

MANAGE = Path(__file__).parents[2] / "manage.py"


def manage(*words, **settings):
    environment = {**os.environ, **settings}
    return subprocess.run([sys.executable, MANAGE, *words], capture_output=True, text=True, env=environment)


def test_without_a_word_it_says_which_there_are():
    told = manage()

    assert told.returncode == 0
    assert "manage.py demo" in told.stdout


def test_a_folder_that_it_did_not_make_is_left_as_it_is(tmp_path):
    letter = tmp_path / "pyvenv.cfg"
    letter.write_text("mine")

    told = manage("demo", AMPARO_VENV=str(tmp_path))

    assert told.returncode == 1
    assert "AMPARO_VENV" in told.stderr
    assert [letter] == list(tmp_path.iterdir())


@pytest.fixture
def installed(tmp_path):
    """Settings for a run in the environment of these tests, with a data directory of its own."""
    if not list(Path(sys.prefix).glob("made-by-python-*")):
        pytest.skip("these tests run in another environment than that of manage.py")
    return {"AMPARO_VENV": sys.prefix, "AMPARO_INSTANCE": str(tmp_path / "instance"), "DATABASE_URL": ""}


def test_a_command_runs_in_the_environment_with_its_exit_code(installed):
    told = manage("run", "--help", **installed)

    assert told.returncode == 0
    assert "Start Amparo for real work" in told.stdout
    assert manage("no-such-command", **installed).returncode == 2


def test_its_help_names_every_command_of_the_application(app):
    told = manage("--help").stdout

    for name, command in app.cli.commands.items():
        for word in getattr(command, "commands", {name: None}):
            assert word in told and name in told


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def opened(address):
    """The page, as soon as the server listens."""
    for _try in range(100):
        try:
            return urllib.request.urlopen(address, timeout=30)
        except urllib.error.URLError:
            time.sleep(0.1)
    raise TimeoutError(address)


def test_the_real_thing_prints_a_code_that_makes_the_first_administrator(installed):
    port = free_port()
    command = [sys.executable, MANAGE, "run", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **installed}) as server:
        try:
            assert server.stdout
            told = "".join(itertools.islice(server.stdout, 2))
            page = opened(f"http://127.0.0.1:{port}/")
            assert page.url.endswith("/set-up")
            assert "Werkzeug" not in page.headers.get("Server", "")
        finally:
            server.terminate()

    assert re.search(r"código: [0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}$", told.strip())
    assert manage("demo", **installed).returncode == 1  # made as real


@pytest.mark.parametrize("word", ["demo", "run"])
def test_a_port_that_is_taken_is_said_before_anything_is_printed(installed, word):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        told = manage(word, "--port", str(port), **installed)

    assert told.returncode == 1
    assert str(port) in told.stderr
    assert told.stdout == ""
