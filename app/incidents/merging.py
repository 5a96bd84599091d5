"""Two people changed one incident: both versions side by side, part by part, and what was chosen put together."""

from __future__ import annotations

import zlib
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, FormField, HiddenField

from app.incidents.filled import ALL_PARTS, Pairs, digests, pairs_of, part_pairs, read_digests
from app.incidents.form_fields import Choice, Radios, Ticks
from app.incidents.forms import IncidentForm

PART_WORDS = {
    "happened": _l("Date"),
    "place": _l("Place"),
    "point": _l("Coordinates"),
    "victims": _l("To whom"),
    "perpetrators": _l("By whom"),
    "companies": _l("Companies"),
    "projects": _l("Projects"),
    "sources": _l("Sources"),
}

YOURS, THEIRS = "yours", "theirs"
NOT_CARRIED = frozenset({"csrf_token", "version", "resolved", "as_read"})
STEPS_OF_PLACE = ("department", "province", "district", "place_before", "place_choice")


def differing(form: IncidentForm, stored: IncidentForm) -> list[dict[str, Any]]:
    """The parts that differ, in words. Where only one of the two changed a part, that one is chosen beforehand."""
    as_read = read_digests(form.as_read.data)
    found = []
    for part in ALL_PARTS:
        yours, theirs = part_pairs(form, part), part_pairs(stored, part)
        if yours == theirs:
            continue
        untouched = f"{zlib.crc32(repr(yours).encode()):08x}" == as_read.get(part)
        found.append(
            {
                "name": part,
                "label": PART_WORDS.get(part) or form[part].label.text,
                "yours": words_of(form, part),
                "theirs": words_of(stored, part),
                "keep": THEIRS if untouched else YOURS,
            }
        )
    return found


def carried(posted: MultiDict[str, str], stored: IncidentForm) -> Pairs:
    """The form as it was posted, to come back with the choices; read now against what is stored now."""
    kept = [
        (name, value)
        for name, value in posted.items(multi=True)
        if name not in NOT_CARRIED and not name.startswith("keep-")
    ]
    return [*kept, ("as_read", digests(stored))]


def chosen(posted: MultiDict[str, str], stored: IncidentForm) -> MultiDict[str, str]:
    """What was posted, with the stored text in every part where «theirs» was chosen."""
    pairs = list(posted.items(multi=True))
    for part, names in ALL_PARTS.items():
        if posted.get(f"keep-{part}") == THEIRS:
            dropped = (*names, *STEPS_OF_PLACE) if part == "place" else names
            pairs = [(name, value) for name, value in pairs if name.split("-")[0] not in dropped]
            pairs += [pair for name in names for pair in pairs_of(stored[name])]
    return MultiDict(pairs)


def words_of(form: IncidentForm, part: str) -> str:
    names = ALL_PARTS[part]
    if len(names) == 1:
        return _field_words(form[names[0]])
    return "\n".join(words for name in names if (words := _field_words(form[name])))


def _field_words(field: Any) -> str:
    if isinstance(field, FieldList):
        return "\n".join(words for entry in field.entries if (words := _field_words(entry)))
    if isinstance(field, FormField):
        return _row_words(field.form)
    if isinstance(field, Ticks):
        return ", ".join(field.chosen_words)
    if isinstance(field, (Choice, Radios)):
        return ", ".join(str(one.label) for one in field.iter_choices() if one.selected and one.value)
    if isinstance(field, BooleanField):
        return _("yes") if field.data else ""
    return str(field.data or "")


def _row_words(row: Any) -> str:
    """A line of a list on one line; nothing for an empty one."""
    filled = [
        field for field in row if not isinstance(field, HiddenField) and field.data and field.name[-5:] != "-kind"
    ]
    if not filled:
        return ""
    parts = [_field_words(field) for field in row if not isinstance(field, HiddenField)]
    return " · ".join(part for part in parts if part)
