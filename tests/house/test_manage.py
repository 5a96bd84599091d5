"""The one command, as far as it goes without installing anything."""

import os
import subprocess
import sys
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


def test_a_command_runs_in_the_environment_with_its_exit_code(tmp_path):
    own = sys.prefix
    if not list(Path(own).glob("made-by-python-*")):
        pytest.skip("these tests run in another environment than that of manage.py")

    assert "Flask" in manage("--version", AMPARO_VENV=own, AMPARO_INSTANCE=str(tmp_path)).stdout
    assert manage("--no-such-option", AMPARO_VENV=own, AMPARO_INSTANCE=str(tmp_path)).returncode == 2
