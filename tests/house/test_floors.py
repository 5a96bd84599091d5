"""Style, types and floors are tests like any other."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_no_room_looks_up_or_sideways():
    assert_content("lint-imports")


def test_code_follows_the_style():
    assert_content("ruff", "check", "--output-format=concise", ".")


def test_types_agree():
    assert_content("mypy")


def assert_content(tool, *words):
    """The tool must end with 0; if not, the failure is what it said."""
    program = shutil.which(tool, path=str(Path(sys.executable).parent))
    assert program, f"{tool} is missing: `python3 manage.py test` installs it"

    done = subprocess.run([program, *words], cwd=ROOT, capture_output=True, text=True, encoding="utf-8")

    if done.returncode:
        pytest.fail(f"{tool} is not content:\n{done.stdout}{done.stderr}", pytrace=False)
