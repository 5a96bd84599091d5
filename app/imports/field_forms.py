"""The form for KoboToolbox and ODK (an XLSForm), written from the fields of an incident and the code lists."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.db import db
from app.imports.incident_fields import IMPORTED
from app.places.models import DEPARTMENT, DISTRICT, LEVELS, PROVINCE, Place
from app.vocabulary.queries import lists

LANGUAGES = {"es": "Español (es)", "en": "English (en)"}
FORM_ID = "amparo_incident"

SURVEY = ("type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message", "appearance",
          "choice_filter", "parameters")  # fmt: skip
CHOICES = ("list_name", "name", "label", "above")
TRANSLATED = frozenset({"label", "hint", "constraint_message"})

_TYPES = {"long_text": "text", "date": "date", "uncertain_date": "date", "number": "integer", "url": "text"}
_THREAT = "starts-with(${main_type}, 'THR')"
_COUNT = {"constraint": ". >= 0", "constraint_message": _l("A count is not negative.")}
_PAST = {"constraint": ". <= today()", "constraint_message": _l("This day is still to come.")}

Row = dict[str, Any]


def _asked(name: str, **further: Any) -> Row:
    """The question of a field under its import name, so that the answers come back without a map."""
    field = IMPORTED[name]
    if field.code_list:
        kind = f"{'select_multiple' if field.kind == 'codes' else 'select_one'} {field.code_list}"
    else:
        kind = _TYPES.get(field.kind, "text")
    lines = {"appearance": "multiline"} if field.kind == "long_text" else {}
    return {"type": kind, "name": name, "label": field.label, "hint": field.help, **lines, **further}


def _group(name: str, label: Any, rows: Iterable[Row], *, repeat: bool = False, **further: Any) -> list[Row]:
    word = "repeat" if repeat else "group"
    return [{"type": f"begin_{word}", "name": name, "label": label, **further}, *rows, {"type": f"end_{word}"}]


def _note(name: str, label: Any) -> Row:
    return {"type": "note", "name": name, "label": label}


def _place(level: str, above: str | None) -> Row:
    chosen = {"choice_filter": f"above = ${{{above}}}", "relevant": f"${{{above}}} != ''"} if above else {}
    return _asked(level, type=f"select_one {level}", hint="", appearance="minimal", **chosen)


def survey() -> list[Row]:
    """The questions in the order of our own form."""
    return [
        _note("safety", _l("Before you write names: is this device locked and encrypted? Send each record as soon as "
                           "you can and delete it from the device. Ask a legal name only if it is needed.")),
        *_group("what", _l("What happened"), [
            _asked("title", required="yes", hint=IMPORTED["title_es"].help),
            _asked("main_type", required="yes", appearance="minimal"),
            _asked("other_types"),
            _asked("narrative"),
            _asked("urgency"),
        ]),
        *_group("when", _l("When"), [
            _asked("happened_precision", hint=_l("Say how much of the date is certain. If nothing is, leave the date "
                                                 "empty.")),
            _asked("happened", **_PAST),
            _asked("happened_text"),
        ]),
        *_group("where", _l("Where"), [
            _place(DEPARTMENT, None),
            _place(PROVINCE, DEPARTMENT),
            _place(DISTRICT, PROVINCE),
            _asked("community"),
            {"type": "geopoint", "name": "geopoint", "label": _l("Point on the map"),
             "hint": _l("Only if it is safe to have it on the device.")},
        ]),
        *_group("threat", _l("Threat"), map(_asked, ("threat_type", "threat_channel", "threat_credibility")),
                relevant=_THREAT),
        *_group("victims", _l("Affected person"), [
            _asked("pseudonym", hint=_l("A word by which the person can be spoken of without their name.")),
            _asked("legal_name", hint=_l("Secret. Leave it empty unless it is needed and the person agreed.")),
            *map(_asked, ("person_kind", "gender")),
            _asked("age", type="integer", constraint=". >= 0 and . <= 120",
                   constraint_message=_l("An age lies between 0 and 120.")),
            *map(_asked, ("age_group", "defender_groups", "rights_defended", "peoples")),
        ], repeat=True),
        *_group("counts", _l("Groups and counts"), [
            _asked("group"),
            *(_asked(f"{what}_least", **_COUNT) for what in ("affected", "killed", "injured", "detained")),
        ]),
        *_group("by_whom", _l("Alleged perpetrator"), [
            _asked("perpetrators", type="select_one perpetrator_types", appearance="minimal"),
            *map(_asked, ("perpetrator_organisations", "perpetrator_degree")),
        ], repeat=True),
        *_group("how_known", _l("Source"), map(_asked, (
            "source_kind", "source_citation", "source_url", "source_published", "source_reliability",
            "source_credibility")), repeat=True),
        *_group("attached", _l("Attachments"), [
            {"type": "image", "name": "photo", "label": _l("Photograph"), "parameters": "max-pixels=2000"},
            {"type": "audio", "name": "recording", "label": _l("Audio")},
            {"type": "file", "name": "document_file", "label": _l("File")},
        ], repeat=True),
        _asked("notes"),
    ]  # fmt: skip


def choices(rows: Iterable[Row]) -> list[Row]:
    """The code lists that the questions ask for, and the places with what lies above each."""
    wanted = {row["type"].split()[1]: None for row in rows if row["type"].startswith("select_")}
    return [
        *(
            {"list_name": name, "name": entry.code, "label": entry}
            for name in wanted
            if name not in LEVELS
            for entry in lists()[name].values()
            if entry.active and entry.selectable
        ),
        *_places(),
    ]


def _places() -> list[Row]:
    above = aliased(Place)
    found = db.session.execute(
        select(Place.level, Place.key, Place.name, above.key)
        .outerjoin(above, Place.parent_id == above.id)
        .where(Place.selectable)
        .order_by(Place.level, Place.name_folded, Place.id)
    )
    return [{"list_name": level, "name": key, "label": name, "above": upper or ""} for level, key, name, upper in found]


def _words(value: Any, language: str) -> str:
    if hasattr(value, "label_in"):
        return str(value.label_in(language))
    with force_locale(language):
        return str(value or "")


def _grid(columns: Sequence[str], rows: Iterable[Row]) -> list[list[str]]:
    """Heading and rows; a column of words becomes one for each language."""
    spread = [(name, code) for name in columns for code in (LANGUAGES if name in TRANSLATED else ("",))]
    heading = [f"{name}::{LANGUAGES[code]}" if code else name for name, code in spread]
    return [
        heading,
        *([_words(row.get(name), code) if code else str(row.get(name, "")) for name, code in spread] for row in rows),
    ]


def field_form(language: str) -> bytes:
    """The XLSX. Its version is made of what it asks and offers: a list that changed gives a new one."""
    questions = survey()
    sheets = {"survey": _grid(SURVEY, questions), "choices": _grid(CHOICES, choices(questions))}
    version = hashlib.sha256(json.dumps(sheets).encode()).hexdigest()[:12]
    with force_locale(language):
        title = str(_l("Incident"))
    sheets["settings"] = [["form_title", "form_id", "version", "default_language"],
                          [title, FORM_ID, version, LANGUAGES[language]]]  # fmt: skip
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}) as book:
        for name, grid in sheets.items():
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(grid):
                sheet.write_row(number, 0, cells)
    return file.getvalue()
