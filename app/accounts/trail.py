"""The audit trail, for auditors: who did what to which record, and when. What stood in the records never shows here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app import web
from app.access import allow
from app.accounts import deeds, queries
from app.accounts.forms import TrailForm
from app.accounts.queries import SYSTEM, TrailWish
from app.accounts.views import bp
from app.audit import AuditEntry
from app.dates import today
from app.db import db
from app.downloads import Table, give, name_kind
from app.i18n import date_words

AUDIT = "audit"
HEADER = ("moment_utc", "who", "deed", "table", "reference", "columns", "transaction", "digest")


@bp.get("/audit/")
@allow("audit.read")
def trail() -> Any:
    names = _names()
    form = _filters(names)
    status = 200 if form.validate() else 400
    page = web.paged(queries.trail_found(_wish(form)))
    return render_template(
        "accounts/trail.html",
        form=form,
        page=page,
        filters={
            field.name: field.data if field.type == "SelectField" else field._value() for field in form if field.data
        },
        names={id_: name for id_, (_handle, name) in names.items()},
        whose=lambda entry: _whose(entry, names)[1],
        words=deeds,
        active=_active_filters(form),
    ), status


@bp.post("/audit/export")
@allow("audit.read")
def export_trail() -> Any:
    """The same entries as the list with the same filters; that they were taken is an entry itself."""
    names = _names()
    form = _filters(names)
    wish = _wish(form) if form.validate() else TrailWish()
    table = Table(
        kind=AUDIT,
        name=f"audit-{today().isoformat()}",
        page="accounts.trail",
        header=HEADER,
        lines=lambda: _rows(wish, names),
        filters=_described(wish),
    )
    return give(current_user, table)


def _described(wish: TrailWish) -> dict[str, str]:
    """Days and actions as they are; who was looked for and which record are typed."""
    given = {"since": wish.since, "until": wish.until, "action": wish.deed}
    typed = {"who": wish.who, "reference": wish.reference}
    told = {name: str(value) for name, value in given.items() if value}
    return told | {name: "(text)" for name, value in typed.items() if value}


def _whose(entry: AuditEntry, names: Mapping[int, tuple[str, str]]) -> tuple[str, str]:
    """Handle and name of the account that was changed, or what hangs on it: accounts have no reference."""
    return names.get(entry.root_id or 0, NOBODY) if entry.root_table == "user" else NOBODY


NOBODY = ("", "")


def _rows(wish: TrailWish, names: Mapping[int, tuple[str, str]]) -> Iterator[tuple[Any, ...]]:
    for entry in db.session.scalars(queries.trail_found(wish).execution_options(yield_per=1000)):
        yield (
            entry.at,
            names.get(entry.actor_id or 0, (SYSTEM, SYSTEM))[1],
            entry.deed,
            entry.table_name,
            entry.reference or _whose(entry, names)[0],
            entry.columns,
            entry.transaction_id,
            entry.digest,
        )


def _names() -> dict[int, tuple[str, str]]:
    """Number of an account → its handle and name."""
    return {id_: (handle, name) for id_, handle, name in db.session.execute(queries.names_of_everybody())}


def _filters(names: Mapping[int, tuple[str, str]]) -> TrailForm:
    form = TrailForm(request.values)
    form.who.choices = [("", _("anybody")), (SYSTEM, _("Amparo itself")), *names.values()]
    known = sorted((deeds.deed_words(deed), deed) for deed in db.session.scalars(queries.deeds_on_record()))
    form.deed.choices = [("", _("any action")), *((deed, words) for words, deed in known)]
    return form


def _wish(form: TrailForm) -> TrailWish:
    """What the form asks for; a field with an error asks for nothing."""
    return TrailWish(**{field.name: field.data or None for field in form if not field.errors})


@dataclass(frozen=True)
class ActiveFilter:
    """A filter in force, and the address without it."""

    label: str
    value: str
    url: str


def _active_filters(form: TrailForm) -> list[ActiveFilter]:
    active = []
    for field in form:
        if field.data and not field.errors:
            others = {key: value for key, value in request.args.items() if key not in (field.name, "page")}
            value = dict(field.choices)[field.data] if field.type == "SelectField" else field.data
            active.append(ActiveFilter(field.label.text, _shown(value), url_for(".trail", _external=False, **others)))
    return active


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else date_words(value)


name_kind(
    AUDIT,
    _l("Audit trail"),
    since=(_l("From"), None),
    until=(_l("To"), None),
    who=(_l("Who"), None),
    action=(_l("Action"), deeds.DEEDS),
    reference=(_l("Record"), None),
)
