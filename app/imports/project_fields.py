"""What a column of a sheet may bring of a project, and how the companies in one cell are told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.fields import FULL, Field, Fields
from app.imports.cells import translated
from app.imports.maps import Way
from app.imports.problems import CellProblem
from app.organisations.near import LEGAL_FORMS, SMALL_WORDS, core


def _own(name: str, label: object, kind: str = "text", code_list: str | None = None, *aliases: str) -> Field:
    return Field(name, label, kind, code_list, FULL, aliases=aliases)


IMPORTED = Fields(
    [
        _own("reference", _l("Reference"), "reference", None, "referencia"),
        _own("external_id", _l("Record number in the source"), "text", None, "id", "record id", "código", "nro"),
        _own("name", _l("Name"), "text", None, "project", "proyecto", "name of project", "nombre del proyecto", "mina"),
        _own("aliases", _l("Other names"), "text", None, "alias", "otros nombres", "former names"),
        _own(
            "companies",
            _l("Companies"),
            "text",
            None,
            "company",
            "empresa",
            "empresas",
            "titular",
            "operator",
            "operador",
        ),
        _own("sector", _l("Sector"), "code", "sectors", "actividad", "activity"),
        _own("country", _l("Country"), "country", None, "país"),
        _own("places", _l("Districts"), "text", None, "ubigeo", "ubigeos", "districts", "distritos"),
        _own("district", _l("District"), "place", None, "distrito"),
        _own("province", _l("Province"), "place", None, "provincia"),
        _own("department", _l("Department"), "place", None, "departamento", "region", "región"),
        _own("latitude", _l("Latitude"), "number", None, "lat", "latitud"),
        _own("longitude", _l("Longitude"), "number", None, "lon", "lng", "longitud"),
        _own("status", _l("Status"), "text", None, "estado", "situación"),
        _own("note", _l("Note"), "long_text", None, "notes", "nota", "notas"),
        _own("source", _l("Source"), "text", None, "fuente"),
    ]
)

LONGEST_NOTE, LONGEST_NAME = 4000, 200
LONGEST = {"note": 2000, "source": 500, "name": LONGEST_NAME, "external_id": 200}

WHAT_THEY_ARE = frozenset({"compania", "cia", "empresa", "sociedad", "minera", "minero", "mining"})
"""What a company is, and not what it is called: «Compañía Minera Antamina» is «Antamina»."""
WHAT_PROJECTS_ARE = frozenset({"mina", "mine", "proyecto", "project", "unidad", "minera", "minero"})
_SAYS_NOTHING = WHAT_THEY_ARE | {"consorcio", "grupo", "corporacion", "operaciones"}


@dataclass(frozen=True)
class Called:
    """A company as a cell calls it."""

    name: str
    aliases: tuple[str, ...] = ()
    may_be_several: bool = False
    """It holds an «y» or a comma that may part two companies, or belong to the name of one."""


def read_companies(text: str, field: Field, way: Way) -> list[Called] | None:
    """What the map says of the whole cell stands as it is said; else the cell is taken apart."""
    parts = [Called(text)] if text in way.values else _apart(text, way)
    found: list[Called] = []
    for part in parts:
        words = translated(part.name, way)
        found += [part] if words == (part.name,) else [Called(word) for word in words]
    if any(len(one.name) > LONGEST_NAME for one in found):
        raise CellProblem(_too_long())
    return list({one.name: one for one in found}.values()) or None


def read_names(text: str, field: Field, way: Way) -> list[str] | None:
    """Several names or codes in one cell."""
    parts = text.split(way.separator) if way.separator else re.split(r"[;|\n]", text)
    found = [word for part in parts for word in translated(part.strip(), way)]
    if any(len(name) > LONGEST_NAME for name in found):
        raise CellProblem(_too_long())
    return list(dict.fromkeys(found)) or None


def _too_long() -> str:
    return _("is longer than %(limit)s characters; shorten it", limit=LONGEST_NAME)


_BRACKETS = re.compile(r"\([^()]*\)")
_SURE = re.compile(r"\s*[;|/\n]\s*|\s+[-–—]\s+")
_UNSURE = re.compile(r",\s+|\s+(?:y|e|and|&)\s+")
_FORMER = re.compile(r"\s*\((?:ex|antes|antigua|former|formerly)\b[\s.:-]*([^()]+)\)", re.IGNORECASE)


def former_names(name: str) -> tuple[str, list[str]]:
    """«Río Blanco (ex Majaz)»: the name, and those it had."""
    return " ".join(_FORMER.sub(" ", name).split()), [found.strip() for found in _FORMER.findall(name)]


def _apart(text: str, way: Way) -> list[Called]:
    """«A / B», «A - B» are two; «A y B», «A, B» only where both say that they are companies."""
    if way.separator:
        return [_called(part) for part in text.split(way.separator) if part.strip()]
    kept: list[str] = []

    def hide(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\x00{len(kept) - 1}\x00"

    def show(part: str) -> str:
        return re.sub(r"\x00(\d+)\x00", lambda found: kept[int(found[1])], part)

    pieces = [part for part in _SURE.split(_BRACKETS.sub(hide, text)) if part.strip()]
    found: list[Called] = []
    for piece in pieces:
        if found and _is_short_for(piece.strip(), found[-1].name):
            found[-1] = replace(found[-1], aliases=(*found[-1].aliases, piece.strip()))
            continue
        halves = [half for half in _UNSURE.split(piece) if half.strip()]
        if len(halves) > 1 and all(_says_company(half) for half in halves):
            found += [_called(show(half)) for half in halves]
        else:
            found.append(replace(_called(show(piece)), may_be_several=_may_be_several(halves)))
    return found


def _called(text: str) -> Called:
    name, former = former_names(" ".join(text.split()))
    return Called(name, tuple(former))


def _says_company(text: str) -> bool:
    words = set(core(text))
    says = words & WHAT_THEY_ARE or _legal_form_in(text)
    return bool(says and words - _SAYS_NOTHING - LEGAL_FORMS - SMALL_WORDS)


def _legal_form_in(text: str) -> bool:
    words = [re.sub(r"\W", "", word).casefold() for word in text.split()]
    return any(word in LEGAL_FORMS for word in words)


def _may_be_several(halves: list[str]) -> bool:
    """Not with «Hudbay Perú, S.A.C.»: a legal form is no second company, and «Consorcio Minero» says no name."""
    return len(halves) > 1 and all(set(core(half)) - _SAYS_NOTHING - LEGAL_FORMS for half in halves)


def _is_short_for(text: str, name: str) -> bool:
    """«COPEMINA» after «Consorcio Peruano de Minas»: its letters, in their order, begin with that of the name."""
    if not (text.isalpha() and text.isupper() and len(text) >= 3):
        return False
    letters = iter("".join(core(name)).upper())
    return name[:1].upper() == text[0] and all(letter in letters for letter in text)
