"""Two people edit one record: what only one of them changed is kept silently, what both changed is asked about.

A form says how each of its fields stood when it was opened (the hidden `opened`, made by `opened_as`). Against that it
shows, when somebody has saved in between, who of the two changed what.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask, flash, g, render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, RadioField, SelectField, SelectFieldBase, SelectMultipleField

from app.audit import AuditEntry, actor_id, last_change
from app.db import db

NOT_CARRIED = frozenset({"csrf_token", "form_token", "unsaved", "version", "opened", "resolved"})

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Unit:
    """Fields that mean one thing together, as day and precision do: they are kept or replaced together."""

    fields: list[Any]

    @property
    def name(self) -> str:
        return str(self.fields[0].name)

    @property
    def words(self) -> str:
        return str(self.fields[0].label.text)

    @property
    def pairs(self) -> Pairs:
        return [pair for field in self.fields for pair in pairs(field)]

    def is_changed_since(self, opened: str) -> bool:
        return _before(opened).get(self.name) != _digest(self.pairs)

    def is_of(self, name: str) -> bool:
        return any(name == field.name or name.startswith(f"{field.name}-") for field in self.fields)


def units(form: Any) -> Iterator[Unit]:
    """The fields of a form, those together that its `together` names together; the first gives name and label."""
    heads = {name: group[0] for group in getattr(form, "together", ()) for name in group}
    found: dict[str, list[Any]] = {}
    for field in form:
        if field.name not in NOT_CARRIED:
            found.setdefault(heads.get(field.name, field.name), []).append(field)
    for head, fields in found.items():
        yield Unit(sorted(fields, key=lambda field: field.name != head))


# --- how the form was opened ---------------------------------------------------------------------


def opened_as(form: Any) -> str:
    """For the hidden `opened`: a digest of each unit as the record fills it; on a form that comes back, as it was."""
    if "opened" in g:
        return str(g.opened)
    return request.form.get("opened", "") if request.method == "POST" else digest(form)


def reopened(opened: str) -> None:
    """From now on the form of this request counts as opened so."""
    g.opened = opened


def digest(form: Any) -> str:
    return " ".join(f"{unit.name}:{_digest(unit.pairs)}" for unit in units(form))


def differ(one: Unit, other: Unit) -> bool:
    return _digest(one.pairs) != _digest(other.pairs)


def _before(opened: str) -> dict[str, str]:
    return {name: found for name, _colon, found in (part.rpartition(":") for part in opened.split())}


def _digest(found: Iterable[tuple[str, str]]) -> str:
    said = sorted((name, value.replace("\r\n", "\n")) for name, value in found if value)
    return hashlib.blake2b(json.dumps(said).encode(), digest_size=6).hexdigest()


# --- merging -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Answers:
    """What was posted, with what only the other changed taken over; *both* is None where nobody knows."""

    posted: MultiDict[str, str]
    merged: list[str]
    both: set[str] | None


def is_stale(form: Any, record: Any) -> bool:
    """Whether somebody has changed, since this form was handed out, something that it changes too."""
    if str(form.version.data) != str(record.version):
        return True
    if (found := g.get("answers")) and found.merged:
        flash(_both_are_kept(last_change(db.session, record), found.merged), "info")
    return False


def answers(stored: Form) -> MultiDict[str, str] | None:
    """What was posted, and the stored text wherever the user changed nothing or has chosen «theirs»."""
    if request.method != "POST":
        return None
    posted = MultiDict(request.form)
    if posted.get("resolved") == "yes":
        for unit in units(stored):
            if posted.get(f"keep-{unit.name}") == "theirs":
                _take(posted, unit)
    merged: list[str] = []
    both: set[str] | None = None
    if posted.get("version") != str(stored["version"].data) and posted.get("opened"):
        merged, both = _merge(posted, stored)
        if not both:
            posted["version"] = str(stored["version"].data)
            reopened(digest(stored))
    g.answers = _Answers(posted, merged, both)
    return posted


def _merge(posted: MultiDict[str, str], stored: Form) -> tuple[list[str], set[str]]:
    before = _before(posted["opened"])
    merged: list[str] = []
    both: set[str] = set()
    for unit in units(stored):
        if unit.name not in before:  # the form as it was opened does not show it
            continue
        was, theirs = before[unit.name], _digest(unit.pairs)
        mine = _digest((name, value) for name, value in posted.items(multi=True) if unit.is_of(name))
        if mine == was != theirs:
            merged.append(unit.words)
            _take(posted, unit)
        elif theirs not in (was, mine):
            both.add(unit.name)
    return merged, both


def _take(posted: MultiDict[str, str], unit: Unit) -> None:
    for name in [name for name in posted if unit.is_of(name)]:
        posted.poplist(name)
    for name, value in unit.pairs:
        posted.add(name, value)


def _both_are_kept(last: AuditEntry | None, merged: list[str]) -> str:
    what = ", ".join(merged)
    if last is not None and last.actor_id == actor_id():
        return _("You changed this meanwhile in another window: %(what)s. Both changes are kept.", what=what)
    who = last.actor.name if last is not None and last.actor is not None else None
    if who is None:
        return _("Somebody changed this meanwhile: %(what)s. Both changes are kept.", what=what)
    return _("%(who)s changed this meanwhile: %(what)s. Both changes are kept.", who=who, what=what)


# --- the page that asks --------------------------------------------------------------------------


def page(form: Any, stored: Form, record: Any, *, title: str, action: str, cancel_url: str) -> tuple[str, int]:
    """What both changed, side by side, and who saved in between. *stored* is the form filled from the record."""
    found: _Answers = g.answers
    ours = {unit.name: unit for unit in units(form)}
    fields = [
        {"name": unit.name, "label": unit.words, "yours": _words(ours[unit.name]), "theirs": _words(unit)}
        for unit in units(stored)
        if (found.both is None or unit.name in found.both) and differ(ours[unit.name], unit)
    ]
    carried = [
        (name, value)
        for name, value in found.posted.items(multi=True)
        if name not in NOT_CARRIED and not name.startswith("keep-")
    ]
    last = last_change(db.session, record)
    text = render_template(
        "conflict.html",
        title=title,
        action=action,
        cancel_url=cancel_url,
        version=record.version,
        opened=digest(stored),
        who=last.actor.name if last is not None and last.actor is not None else None,
        at=last.at if last is not None else None,
        is_own=last is not None and last.actor_id == actor_id(),
        merged=found.merged,
        carried=carried,
        fields=fields,
    )
    return text, 409


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(opened_as=opened_as)


def pairs(field: Any) -> Pairs:
    """The field, with all that it holds, as a browser would send it."""
    if field.type == "FormField":
        return [pair for inner in field.form for pair in pairs(inner)]
    if field.type == "FieldList":
        return [pair for entry in field.entries for pair in pairs(entry)]
    return [(field.name, value) for value in _as_posted(field)]


def _as_posted(field: Any) -> list[str]:
    """The field's value as a browser would send it."""
    if isinstance(field, BooleanField):
        return ["y"] if field.data else []
    if isinstance(field, SelectMultipleField):
        return [str(value) for value in field.data or []]
    if isinstance(field, SelectField):
        return [_chosen(field)]
    return [str(field._value()).replace("\r\n", "\n")]


def _chosen(field: SelectField) -> str:
    """Of a list that opens, the first is chosen where nothing else is."""
    offered = [str(one.value) for one in field.iter_choices()] if field.choices is not None else []
    value = str(field.data or "")
    if isinstance(field, RadioField) or value in offered or not offered:
        return value
    return offered[0]


def _words(unit: Unit) -> str:
    shown = [(field, words) for field in unit.fields if field.type != "HiddenField" and (words := _as_words(field))]
    if len(unit.fields) == 1:
        return shown[0][1] if shown else ""
    return "; ".join(f"{field.label.text}: {words}" for field, words in shown)


def _as_words(field: Any) -> str:
    if field.type == "FieldList":
        return "; ".join(words for entry in field.entries if (words := _as_words(entry)))
    if field.type == "FormField":
        shown = [inner for inner in field.form if inner.type != "HiddenField" and any(_as_posted(inner))]
        return ", ".join(_as_words(inner) for inner in shown)
    if isinstance(field, BooleanField):
        return _("yes") if field.data else _("no")
    if isinstance(field, SelectFieldBase):
        names = {str(one.value): str(one.label) for one in field.iter_choices()}
        return ", ".join(names.get(value, value) for value in _as_posted(field) if value)
    return ", ".join(_as_posted(field))
