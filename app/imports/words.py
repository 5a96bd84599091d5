"""Why a map cannot be used, in sentences that say where and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.i18n import size_words
from app.imports.columns import OWN_EXPORT
from app.imports.maps import MapProblem

if TYPE_CHECKING:
    from app.imports.kinds import RecordKind
    from app.imports.models import ImportBatch
    from app.imports.planning import Plan

HASHED = re.compile(r"import:[0-9a-f]{16}")

Sentence = Callable[[dict[str, Any]], str]


def map_words(problem: MapProblem) -> str:
    return MAP[problem.reason](problem.details)


MAP: dict[str, Sentence] = {
    "too_large": lambda d: _("The map is larger than %(limit)s; this cannot be a map.", limit=size_words(d["limit"])),
    "encoding": lambda d: _("The map is not written in UTF-8. Save it again as UTF-8."),
    "no_file": lambda d: _(
        "There is no map “%(name)s”. Name a file, or one of those that come with Amparo: %(shipped)s.", **d
    ),
    "not_toml": lambda d: _("The map is not TOML: %(about)s. Mend that line.", about=d["about"]),
    "unknown_key": lambda d: _("The map says “%(key)s”, which has no meaning here. Possible are: %(known)s.", **d),
    "unknown_record_kind": lambda d: _(
        "The map is for “%(kind)s”. Records of these kinds can be imported: %(known)s.", **d
    ),
    "other_record_kind": lambda d: _(
        "The map is for “%(said)s”, and “%(chosen)s” was chosen. Choose what the sheet holds, or another map.", **d
    ),
    "unknown_field": lambda d: _("The map speaks of a field “%(field)s”. There are: %(known)s.", **d),
    "wrong_kind": lambda d: _("What the map says for “%(key)s” cannot be used. See the reference of maps.", **d),
    "two_ways": lambda d: _(
        "In the map, “%(key)s” must have one of column, columns, constant or template, not two.", **d
    ),
    "placeholder": lambda d: _(
        "The template of “%(field)s” says {%(placeholder)s}. Possible are: %(known)s; columns are not, so that no "
        "name gets in.",
        **d,
    ),
    "template": lambda d: _("A template is possible for these fields only: %(known)s; not for “%(field)s”.", **d),
    "format": lambda d: _("“%(key)s” must hold yyyy, and may hold mm and dd: dd/mm/yyyy.", **d),
    "identity": lambda d: _(
        "The column “%(column)s” brings names and goes to the identity only. For “%(field)s” it needs a table of "
        'values with other = "drop".',
        **d,
    ),
    "missing_columns": lambda d: _(
        "The map speaks of columns that the file does not have: %(columns)s. The file has: %(present)s.", **d
    ),
    "unknown_columns": lambda d: _(
        "These columns are not known: %(columns)s. Rename them in the file, use a map that says what they bring, or "
        "ignore them.",
        columns=d["columns"],
    ),
    "two_columns": lambda d: _("The columns %(columns)s would both bring “%(field)s”. Delete or rename one.", **d),
    "nothing": lambda d: _("No column of the file brings anything that can be recorded. Is this the right file?"),
}


def verdict_words(verdict: str) -> str:
    return {
        "NEW": _("will be imported"),
        "DOUBTFUL": _("will be imported, and may be on record"),
        "ADDS": _("adds to a record"),
        "CHANGED": _("would change the record"),
        "KNOWN": _("is there already"),
        "REFUSED": _("cannot be imported"),
    }[verdict]


def do_it_words(plan: Plan) -> str:
    """On the button: what is written when one says yes."""
    parts = [plan.kind.words.do_import(len(plan.to_write))] if plan.to_write or not plan.changed else []
    if plan.changed:
        parts.append(ngettext("Change %(num)s record", "Change %(num)s records", len(plan.changed)))
    return " · ".join(parts)


def done_words(kind: RecordKind, batch: ImportBatch) -> str:
    parts = [kind.words.imported(batch.rows_added)] if batch.rows_added or not batch.rows_changed else []
    if batch.rows_changed:
        parts.append(ngettext("%(num)s record changed.", "%(num)s records changed.", batch.rows_changed))
    return " ".join(parts)


def source_words(source: str) -> str:
    """Under which name the records of a file are known, for people."""
    if source == OWN_EXPORT:
        return _("the references of Amparo")
    if HASHED.fullmatch(source):
        return _("the headings and cells of the file")
    return source.removeprefix("import:")
