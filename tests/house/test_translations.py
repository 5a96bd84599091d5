"""Every text has its Spanish, with the same placeholders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
SPANISH = sorted((ROOT / "app" / "translations" / "es").glob("*.po"))

METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "_n": (1, 2),
    "lazy_ngettext": (1, 2),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%")


def said_in_the_app():
    """msgid (singular, or the pair of singular and plural) → where it stands first."""
    found = {}
    options = {"**/templates/**.html": {"silent": "false"}, "**/templates/**.txt": {"silent": "false"}}
    for file, line, message, _comments, _context in extract_from_dir(
        ROOT / "app", METHODS, options, KEYWORDS, directory_filter=lambda path: "packs" not in path
    ):
        found.setdefault(message, f"app/{file}:{line}")
    return found


def spanish():
    """msgid → its message, from all files; and the messages of each file."""
    merged = {}
    for path in SPANISH:
        with path.open("rb") as file:
            for message in read_po(file, locale="es"):
                if message.id:
                    merged.setdefault(message.id if isinstance(message.id, str) else message.id[0], []).append(
                        (path.name, message)
                    )
    return merged


def words_of(message):
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_every_text_has_its_spanish():
    known = spanish()
    missing = []
    for message, where in sorted(said_in_the_app().items(), key=lambda pair: pair[1]):
        singular = message if isinstance(message, str) else message[0]
        entries = [entry for _file, entry in known.get(singular, []) if all(words_of(entry))]
        if isinstance(message, tuple):
            entries = [entry for entry in entries if entry.pluralizable]
        if not entries:
            missing.append(f"{where}: {singular!r}")

    assert missing == []


def test_no_translation_is_a_guess():
    guesses = [(file, entry.id) for entries in spanish().values() for file, entry in entries if entry.fuzzy]

    assert guesses == []


def test_placeholders_are_the_same_in_spanish():
    wrong = []
    for entries in spanish().values():
        for file, entry in entries:
            ids = [entry.id] if isinstance(entry.id, str) else list(entry.id)
            wanted = set(PLACEHOLDER.findall(ids[-1]))
            for number, words in enumerate(words_of(entry)):
                given = set(PLACEHOLDER.findall(words))
                # «One entry» may do without its number.
                if given != wanted and not (len(ids) > 1 and number == 0 and given <= wanted):
                    wrong.append((file, ids[0], words))

    assert wrong == []


def test_one_text_is_said_in_one_way():
    """A text that stands in two files has the same Spanish in both: the files are merged into one catalogue."""
    differing = {
        id_: [(file, words_of(entry)) for file, entry in entries]
        for id_, entries in spanish().items()
        if len({tuple(words_of(entry)) for _file, entry in entries}) > 1
    }

    assert differing == {}


@pytest.mark.parametrize("path", SPANISH, ids=lambda path: path.stem)
def test_spanish_is_that_of_peru(path):
    forbidden = re.compile(
        r"\b(?:septiembre|víctimas?|ordenador(?:es)?|tú|tu|tus|tuy[oa]s?|puedes|debes|haz|clic)\b", re.I
    )
    with path.open("rb") as file:
        told = [words for entry in read_po(file, locale="es") if entry.id for words in words_of(entry)]

    assert [words for words in told if forbidden.search(words)] == []
