#!/usr/bin/env python3
"""Amparo's one command. It makes its own virtual environment, then hands over to it.

  python3 manage.py demo       try it out with public demonstration data
  python3 manage.py run        the real thing
  python3 manage.py test       install what tests need, check everything (words after it go to pytest)

Any other word is a command of the application; each explains itself with --help:

  import incidents FILE --as EMAIL      take in a sheet (--dry-run only says what would happen)
  import projects FILE --as EMAIL       the same for projects and their companies
  import contracts FILE --as EMAIL      the same for police–company agreements
  import template                       a CSV with all the headings that an import knows
  import maps                           the mappings of sheets by the names that --map takes
  import maps                           the maps that --map knows
  import xlsform --out FILE             the form for KoboToolbox and ODK
  import undo IMPORT --as EMAIL         take a whole import back while nothing was built on it
  recommendations import FILE --as EMAIL
                                        recommendations of the review: what would come of it (--write takes it in)
  upr --out FOLDER --as EMAIL           make a pack for the Universal Periodic Review
  reminders send [--dry-run]            e-mail to those who asked for it, once a day
  codes load                            bring the code lists into step with the packs
  db upgrade                            bring the schema up to date (also: downgrade, current, check, revision)

AMPARO_VENV names another place for the virtual environment than .venv.
"""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 (an older Python must hear why it is refused)
    sys.exit("Amparo needs Python 3.11 or newer; this is Python {}.{}.".format(*sys.version_info))

import hashlib
import importlib.util
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = Path(os.environ.get("AMPARO_VENV") or ROOT / ".venv").absolute()
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

RUN = "requirements.txt"
TEST = "requirements-test.txt"  # holds everything in RUN, at the same versions

PIP_INSTALL = [
    *("-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"),
    # Only what the list names, only with the hashes it names, and nothing that runs code to be installed.
    *("--require-hashes", "--no-deps", "--only-binary", ":all:"),
]


def main(words: list[str]) -> None:
    if not words or words[0] in ("-h", "--help", "help"):
        print(__doc__)
    elif words[0] == "test":
        prepare(TEST)
        os.chdir(ROOT)
        hand_over("-m", "pytest", *words[1:])
    else:
        prepare(RUN)
        # Run as a file, only its own folder is looked through: what happens to lie in the current one is no library.
        hand_over(str(ROOT / "wsgi.py"), *words)


def prepare(requirements: str) -> None:
    """Bring the environment to what the list says; costs nothing when it is already there."""
    if not environment_fits():
        make_environment()
    if stamp(requirements).is_file() and stamp(requirements).read_text() == fingerprint(requirements):
        return
    say(f"Installing the packages in {requirements} ...")
    if subprocess.run([PYTHON, *PIP_INSTALL, "--requirement", ROOT / requirements]).returncode:
        sys.exit("The packages could not be installed: see pip's words above. Nothing was started.")
    for done in {RUN, requirements}:
        stamp(done).write_text(fingerprint(done))


def environment_fits() -> bool:
    """Whether there is one, and it was made by a Python like this one."""
    return PYTHON.is_file() and marker().is_file()


def make_environment() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit(
            "This Python cannot make virtual environments. "
            "On Debian and Ubuntu, install the missing part with: apt-get install python3-venv"
        )
    if VENV.exists() and any(VENV.iterdir()) and not any(VENV.glob("made-by-python-*")):
        sys.exit(f"{VENV} was not made by this command. Remove it, or name another place in AMPARO_VENV.")
    say(f"Making the virtual environment {VENV} ...")
    if subprocess.run([sys.executable, "-m", "venv", "--clear", VENV]).returncode:
        sys.exit(f"The virtual environment {VENV} could not be made: see the words above.")
    marker().touch()


def marker() -> Path:
    return VENV / "made-by-python-{}.{}".format(*sys.version_info)


def stamp(requirements: str) -> Path:
    return VENV / f"{requirements}.sha256"


def fingerprint(requirements: str) -> str:
    return hashlib.sha256((ROOT / requirements).read_bytes()).hexdigest()


def hand_over(*arguments: str) -> None:
    """Become the environment's Python: its exit code is ours, and Ctrl-C goes to it."""
    os.environ["FLASK_SKIP_DOTENV"] = "1"  # settings come from the environment, never from a stray .env
    command = [str(PYTHON), *arguments]
    if os.name != "nt":
        sys.stdout.flush()
        os.execv(PYTHON, command)  # noqa: S606
    with subprocess.Popen(command) as child:
        while child.poll() is None:
            try:
                child.wait()
            except KeyboardInterrupt:
                continue  # the child heard it too, and ends in its own way
    sys.exit(child.returncode)


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
