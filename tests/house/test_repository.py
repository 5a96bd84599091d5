"""What may stand in the repository at all."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BINARY = {".png", ".jpg", ".jpeg", ".ico", ".gif", ".webp", ".xlsx", ".ods", ".docx", ".pdf", ".zip"}

# The expressions are written so that they do not find themselves.
HOSTS_OF_OTHERS = re.compile(
    # Packages come by name, not from an address ...
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|deb\.debian\.org"
    # ... and no page calls a third party.
    r"|jsdelivr\.net|unpkg\.com|cdnjs\.cloudflare|fonts\.g(?:oogleapis|static)\.com"
)
SOMEBODYS_FOLDER = re.compile(r"(?<![\w.:/])/(?:(?:home|Users|root)/\w|work/(?:main|shared|plan))")


def repository_files():
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a git checkout")
    words = ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def found_in_text(expression):
    for path in repository_files():
        if path.suffix not in BINARY:
            lines = path.read_text("utf-8", errors="replace").splitlines()
            yield from (f"{path}:{n}: {line}" for n, line in enumerate(lines, 1) if expression.search(line))


def test_no_file_names_a_registry_or_a_content_network():
    assert list(found_in_text(HOSTS_OF_OTHERS)) == []


def test_no_file_names_a_folder_of_somebodys_machine():
    assert list(found_in_text(SOMEBODYS_FOLDER)) == []


def test_every_text_is_utf_8_with_plain_line_ends():
    wrong = []
    for path in repository_files():
        content = path.read_bytes()
        if path.suffix not in BINARY and (b"\r" in content or not is_utf_8(content)):
            wrong.append(path)

    assert wrong == []


def is_utf_8(content):
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not content.startswith(b"\xef\xbb\xbf")


def test_nothing_of_third_parties_is_kept_here():
    minified = re.compile(r"\.min\.(js|css)$|\.(js|css)\.map$|\.(whl|woff2?|ttf|otf)$")

    assert [path for path in repository_files() if minified.search(path.name)] == []
    for path in repository_files():
        if path.suffix in {".js", ".css"}:
            assert max(map(len, path.read_text("utf-8").splitlines()), default=0) < 1000, path


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt"])
def test_requirements_are_pinned_and_hashed_and_name_no_place(name):
    listed = (ROOT / name).read_text("utf-8")
    entries = [line for line in listed.replace("\\\n", "").splitlines() if line and not line.startswith("#")]

    assert "://" not in listed
    assert not re.search(r"^\s*--(index|extra|find|trusted)", listed, re.MULTILINE)
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)


def test_tests_use_the_same_versions_as_the_app():
    def pins(name):
        return set(re.findall(r"^[\w.-]+==\S+", (ROOT / name).read_text("utf-8"), re.MULTILINE))

    assert pins("requirements.txt") <= pins("requirements-test.txt")
