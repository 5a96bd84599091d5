"""The files of a record on its page: a room calls this one function, and registers with `add_holder`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import render_template
from flask_login import current_user
from markupsafe import Markup

from app.access import may, reads_in_full
from app.accounts.queries import names_of
from app.db import db
from app.evidence.files import holder_of_kind
from app.evidence.queries import files_of
from app.i18n import size_words


def files_panel(
    row: Any, in_full: bool | None = None, *, first: bool = False, marks: Mapping[str, str] = MappingProxyType({})
) -> Markup:
    """Nothing at all for who reads the record without identities: not even how many there are.

    *marks* says what a file is to its record: reference → words.
    *in_full* saves asking again where the page has found out whether the record is read in full.
    """
    holder = holder_of_kind(row.__tablename__)
    if in_full is None:
        in_full = reads_in_full(current_user, row)
    if holder is None or not in_full:
        return Markup()
    files = list(db.session.scalars(files_of(current_user, row, withdrawn=True)))
    may_write = holder.is_open(row) and may(current_user, "records.write", row.team_id)
    if not files and not may_write:
        return Markup()
    page = render_template(
        "evidence/panel.html",
        row=row,
        files=[file for file in files if not file.is_withdrawn],
        withdrawn=[file for file in files if file.is_withdrawn],
        names=names_of({file.created_by_id for file in files} | {file.withdrawn_by_id for file in files}),
        size_words=size_words,
        may_write=may_write,
        first=first,
        marks=marks,
    )
    return Markup(page)  # noqa: S704 - a rendered template: its text is escaped already
