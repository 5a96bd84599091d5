"""Two people edit one record: the second sees both texts and loses neither."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, SelectField, SelectFieldBase, SelectMultipleField

from app.audit import actor_id, last_change
from app.db import db

NOT_CARRIED = frozenset({"csrf_token", "version", "resolved"})


def is_stale(form: Any, record: Any) -> bool:
    """Whether somebody has saved the record since this form was handed out (its hidden `version` says when)."""
    return str(form.version.data) != str(record.version)


def answers(stored: Form) -> MultiDict[str, str] | None:
    """What was posted; on the way back from the conflict page, with the stored text wherever «theirs» was chosen."""
    if request.method != "POST":
        return None
    posted = MultiDict(request.form)
    if posted.get("resolved") != "yes":
        return posted
    for field in stored:
        if posted.get(f"keep-{field.name}") == "theirs":
            for name in [name for name in posted if name == field.name or name.startswith(f"{field.name}-")]:
                posted.pop(name)
            for name, value in pairs(field):
                posted.add(name, value)
    return posted


def page(form: Any, stored: Form, record: Any, *, title: str, action: str, cancel_url: str) -> tuple[str, int]:
    """Both versions side by side, and who saved in between. *stored* is the form filled from the record as it is."""
    fields = [
        {
            "name": field.name,
            "label": field.label.text,
            "yours": _as_words(field),
            "theirs": _as_words(stored[field.name]),
        }
        for field in form
        if field.name not in NOT_CARRIED and _said(field) != _said(stored[field.name])
    ]
    carried = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in NOT_CARRIED and not name.startswith("keep-")
    ]
    last = last_change(db.session, record)
    found = render_template(
        "conflict.html",
        title=title,
        action=action,
        cancel_url=cancel_url,
        version=record.version,
        who=last.actor.name if last is not None and last.actor is not None else None,
        at=last.at if last is not None else None,
        is_own=last is not None and last.actor_id == actor_id(),
        carried=carried,
        fields=fields,
    )
    return found, 409


def pairs(field: Any) -> list[tuple[str, str]]:
    """The field, with all that it holds, as a browser would send it."""
    if field.type == "FormField":
        return [pair for inner in field.form for pair in pairs(inner)]
    if field.type == "FieldList":
        return [pair for entry in field.entries for pair in pairs(entry)]
    return [(field.name, value) for value in _as_posted(field)]


def _said(field: Any) -> list[tuple[str, str]]:
    return [(name, value) for name, value in pairs(field) if value]


def _as_posted(field: Any) -> list[str]:
    """The field's value as a browser would send it."""
    if isinstance(field, BooleanField):
        return ["y"] if field.data else []
    if isinstance(field, SelectMultipleField):
        return [str(value) for value in field.data or []]
    if isinstance(field, SelectField):
        return [str(field.data or "")]
    return [str(field._value()).replace("\r\n", "\n")]


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
