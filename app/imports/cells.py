"""What stands in a cell, read as what a field holds; a cell that cannot be read is answered with what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from markupsafe import Markup

from app.db import fold
from app.fields import Field
from app.imports.day_words import read_day, read_uncertain_date
from app.imports.kinds import RecordKind
from app.imports.maps import DROP, HTML, REFUSE, Way
from app.imports.problems import CellProblem
from app.incidents.text import clean, clean_line
from app.places.countries import country_named
from app.vocabulary.names import list_name
from app.vocabulary.queries import Entry, entries

SEPARATORS = re.compile(r"[;|\n]")
CONJUNCTION = re.compile(r"\s+(?:y|e|and|&)\s+(?=\w)", re.IGNORECASE)
"""Before the last of several names: «A, B y C»."""
NAMES_OF_PERSONS = frozenset({"legal_name", "pseudonym"})
BARS = re.compile(r"(?<!\\)\|")
"""Between the values of a cell; a bar within a value has a stroke in front, as exports write it."""


def read_cell(text: str, field: Field, way: Way, kind: RecordKind) -> Any:
    """The value of a cell for a field; None for an empty one. Raises CellProblem."""
    if field.name in kind.readers:
        return kind.readers[field.name](text, field, way)
    if field.name in kind.in_step | kind.listed:
        return _read_each(text, field, way, kind)
    if field.kind == "codes":
        parts = [text] if text in way.values else parts_of(text, way)
        codes = [read_code(word, field) for part in parts for word in translated(part, way)]
        return list(dict.fromkeys(code for code in codes if code)) or None
    words = translated(text, way)
    if not words:
        return None
    if len(words) > 1:
        raise CellProblem(_("the map gives more than one value for a field that holds one"))
    return _read(words[0], field, way, kind)


def _read(text: str, field: Field, way: Way, kind: RecordKind) -> Any:
    value = READERS[field.name if field.name in READERS else field.kind](text, field, way)
    if isinstance(value, str) and len(value) > kind.longest_of(field):
        raise CellProblem(_("is longer than %(limit)s characters; shorten it", limit=kind.longest_of(field)))
    return value


def _read_each(text: str, field: Field, way: Way, kind: RecordKind) -> list[Any] | None:
    whole = text in way.values or way.separator or (field.kind == "codes" and not BARS.search(text))
    parts = [text] if text in way.values else parts_of(text, way) if whole else BARS.split(text)
    if way.separator and field.name in NAMES_OF_PERSONS and parts:
        parts = [*parts[:-1], *(part for part in CONJUNCTION.split(parts[-1]) if part.strip())]
    found: list[Any] = []
    for part in parts:
        words = translated(part.strip().replace("\\|", "|"), way)
        found += [_read(word, field, way, kind) for word in words] or [None]
    if field.name in kind.listed:
        found = list(dict.fromkeys(value for value in found if value))
    return found if any(found) else None


def parts_of(text: str, way: Way) -> list[str]:
    found = text.split(way.separator) if way.separator else SEPARATORS.split(text)
    return [part.strip() for part in found if part.strip()]


def translated(text: str, way: Way) -> tuple[str, ...]:
    """What the map's table of values says for the text; the text itself where it says nothing."""
    if text in way.values:
        return tuple(word for word in way.values[text] if word)
    if not text or way.other == DROP:
        return ()
    if way.other == REFUSE:
        raise CellProblem(_("the map does not say what this value means; add it to the map"))
    return (text,)


# --- codes ---------------------------------------------------------------------------------------

# What sheets write where our lists have another word.
SYNONYMS: Mapping[str, Mapping[str, str]] = {
    "gender_identity": {"male": "M", "masculino": "M", "varon": "M", "female": "W", "femenino": "W", "f": "W"},
    "yes_no_unknown": {
        **dict.fromkeys(("yes", "y", "true", "1", "si", "s", "x", "verdadero"), "YES"),
        **dict.fromkeys(("no", "n", "false", "0", "falso"), "NO"),
        **dict.fromkeys(("unknown", "?", "no consta", "desconocido", "sin informacion"), "UNKNOWN"),
    },
}


def read_code(text: str, field: Field, way: Way | None = None) -> str:
    """The code for a code or a label in either language."""
    assert field.code_list
    found = known_words(field.code_list).get(fold(text)) or SYNONYMS.get(field.code_list, {}).get(fold(text))
    if found is None:
        raise CellProblem(
            _("is not in the list “%(list)s”; write a code or a label of that list, or add it to the map",
              list=list_name(field.code_list))
        )  # fmt: skip
    return found


def known_words(list_name: str) -> dict[str, str]:
    """Folded codes and labels of what may be chosen, to the code; a code goes before a label."""
    known = entries(list_name)
    kept = _known_words.get(list_name)
    if kept is None or kept[0] is not known:  # another object after every change of the lists
        kept = _known_words[list_name] = (known, _words_of(known))
    return kept[1]


_known_words: dict[str, tuple[Mapping[str, Entry], dict[str, str]]] = {}


def _words_of(known: Mapping[str, Entry]) -> dict[str, str]:
    usable = [entry for entry in known.values() if entry.active and entry.selectable]
    words: dict[str, str] = {}
    for entry in usable:
        words.setdefault(fold(entry.code), entry.code)
    for entry in usable:
        for label in (entry.label_es, entry.label_en):
            words.setdefault(fold(label), entry.code)
    return words


def read_yes_no_unknown(text: str, field: Field, way: Way) -> str:
    if answer := SYNONYMS["yes_no_unknown"].get(fold(text)):
        return answer
    raise CellProblem(_("write yes, no or unknown"))


def read_yes_no(text: str, field: Field, way: Way) -> bool:
    return read_yes_no_unknown(text, field, way) == "YES"


# --- numbers, places, addresses, words -----------------------------------------------------------

_RANGE = re.compile(r"(\d{1,7})(?:\s*(?:-|–|a|to)\s*(\d{1,7}))?")


def read_count(text: str, field: Field, way: Way) -> tuple[int, int]:
    """3, 3-5, 3 to 5."""
    found = _RANGE.fullmatch(text)
    least, most = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if most < least:
        raise CellProblem(_("is not a number; write 3, or 3-5 where sources differ"))
    return least, most


_AGE = re.compile(r"(\d{1,3})(?:[.,]\d+)?(?: ?(?:anos|years(?: old)?|a\.?))?")


def read_age(text: str, field: Field, way: Way) -> str:
    """The age group of an age in years."""
    years = _AGE.fullmatch(fold(text))
    if years and int(years[1]) <= 120:
        for entry in entries("age_groups").values():
            first, last = entry.extra.get("min_age"), entry.extra.get("max_age") or "120"
            if first and int(first) <= int(years[1]) <= int(last):
                return entry.code
    raise CellProblem(_("is not an age in years; write a whole number up to 120, or leave it empty"))


_NUMBER = r"(-?\d{1,3}(?:[.,]\d+)?)\s*°?"
_PAIR = re.compile(rf"\(?\s*{_NUMBER}\s*(?:[|;/]|,\s|\s|,(?=-?\d+\.))\s*{_NUMBER}(?:\s+-?\d[\d.]*){{0,2}}\s*\)?")
"""Latitude and longitude in one cell: «37.34, 42.99»; what a field form adds, height and accuracy, says no more."""
_DEGREES = re.compile(
    r"(-?\d{1,3})\s*[°º]\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*['’′])?\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|”|″|''))?\s*"
    r"([NSEWO])?", re.IGNORECASE
)  # fmt: skip
FURTHEST = 180


def read_coordinate(text: str, field: Field, way: Way) -> float:
    """Degrees, with a decimal point or comma, or with minutes and seconds; one of two where a cell holds both."""
    is_latitude = field.name == "latitude"
    if both := _PAIR.fullmatch(text):
        text = both[1] if is_latitude else both[2]
    number = _degrees(text)
    if number is not None and abs(number) > FURTHEST:
        raise CellProblem(
            _("is a projected coordinate in metres, as UTM has them; convert it to degrees (WGS 84) such as -13.5167")
        )
    if number is None or abs(number) > (90 if is_latitude else FURTHEST):
        raise CellProblem(_("is not a coordinate; write degrees such as -13.5167"))
    return number


def _degrees(text: str) -> float | None:
    if found := _DEGREES.fullmatch(text.strip()):
        whole, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.groups()[:3])
        number = abs(whole) + minutes / 60 + seconds / 3600
        return -number if whole < 0 or (found[4] or "").upper() in ("S", "W", "O") else number
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return number if isfinite(number) else None


POINT_PRECISIONS = ("EXACT", "NEAR", "PLACE")


def read_point_precision(text: str, field: Field, way: Way) -> str:
    if text.upper() not in POINT_PRECISIONS:
        raise CellProblem(_("is none of these: %(known)s", known=", ".join(POINT_PRECISIONS)))
    return text.upper()


def read_country(text: str, field: Field, way: Way) -> str:
    """ISO 3166-1 in two letters, from two or three letters, the number, or the name in Spanish or English."""
    code = country_named(text)
    if code is None:
        raise CellProblem(_("is not a country; write its name in Spanish or English, or its ISO code"))
    return code


def read_url(text: str, field: Field, way: Way) -> str:
    try:
        address = urlsplit(text)
    except ValueError:
        address = urlsplit("")
    if address.scheme not in ("http", "https") or not address.netloc or " " in text:
        raise CellProblem(_("is not an address; it begins with https://"))
    return read_words(text, field, way)


def read_language(text: str, field: Field, way: Way) -> str:
    code = {"spanish": "es", "espanol": "es", "castellano": "es", "english": "en", "ingles": "en"}.get(fold(text), text)
    if not re.fullmatch(r"[a-z]{2,3}", code):
        raise CellProblem(_("is not a language code such as es, en or qu"))
    return code


_ENDS_A_LINE = re.compile(r"<br\b[^<>]*>|</(?:p|div|li|tr|h[1-6])\s*>", re.IGNORECASE)


def read_words(text: str, field: Field, way: Way) -> str:
    if HTML in way.formats:
        text = _without_tags(text)
    return (clean(text) if field.kind == "long_text" else clean_line(text)) or ""


def _without_tags(text: str) -> str:
    """The words of a page of the web, as databases of web sites give them out, a paragraph a line."""
    lines = _ENDS_A_LINE.sub("\n", text.replace("\n", " ")).split("\n")
    # Nothing is shown as markup by this: the tags are what goes.
    lines = [str(Markup(line).striptags()) for line in lines]  # noqa: S704
    return "\n".join(line for line in lines if line)


READERS: Mapping[str, Callable[[str, Field, Way], Any]] = {
    "text": read_words,
    "long_text": read_words,
    "place": read_words,
    "code": read_code,
    "codes": read_code,
    "reference": read_words,
    "country": read_country,
    "uncertain_date": read_uncertain_date,
    "date": read_day,
    "number": read_count,
    "yes_no": read_yes_no,
    "yes_no_unknown": read_yes_no_unknown,
    "url": read_url,
    "age": read_age,
    "latitude": read_coordinate,
    "longitude": read_coordinate,
    "language": read_language,
    "coordinate_precision": read_point_precision,
}
"""By the name of a field, else by its kind."""
