"""The bulletin as a Word file and as a table, and on record before it leaves."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response
from flask_babel import gettext as _

from app import audit, i18n
from app.accounts.models import User
from app.db import db
from app.downloads import Table, give
from app.i18n import month_words
from app.people.exports import note_export
from app.reports.bulletin import Bulletin, Part
from app.reports.bulletin_queries import persons_told
from app.word_files import MIMETYPE, NOTE, NUMBERED, Look, Section, Text, word_file

BULLETIN = "bulletin"
DOCX = "docx"
HEADER = ("part", "day", "when", "what", "title", "place", "counts", "state", "reference")


def title(bulletin: Bulletin) -> str:
    month = month_words(bulletin.wish.month.first)
    return _("Bulletin of %(team)s, %(month)s", team=bulletin.wish.team.name, month=month)


def download(user: User, bulletin: Bulletin, form: str) -> Any:
    """As a Word file, or as a table in one of the formats of every list."""
    return _word_response(user, bulletin) if form == DOCX else give(user, _table(user, bulletin))


def _filters(bulletin: Bulletin) -> dict[str, str]:
    wish = bulletin.wish
    return {"month": wish.month.name, "team": wish.team.handle} | ({"titles": "yes"} if wish.with_titles else {})


def _table(user: User, bulletin: Bulletin) -> Table:
    month = bulletin.wish.month
    return Table(
        kind=BULLETIN,
        name=f"amparo-bulletin-{month.name}",
        page="reports.bulletin",
        header=HEADER,
        lines=lambda: _lines(bulletin),
        filters=_filters(bulletin),
        persons=persons_told(user, bulletin.references),
        period=(month.first, month.last),
    )


def _word_response(user: User, bulletin: Bulletin) -> Response:
    """What leaves the house is on record before its first byte does."""
    month = bulletin.wish.month
    name = f"amparo-bulletin-{month.name}.docx"
    file = word_file(title(bulletin), _sections(bulletin), i18n.language(), _look(bulletin))
    digest = hashlib.sha256(file).hexdigest()
    note_export(
        user,
        BULLETIN,
        name,
        persons_told(user, bulletin.references),
        rows=bulletin.items,
        period=(month.first, month.last),
        form=DOCX,
        filters=_filters(bulletin),
        sha256=digest,
    )
    audit.note_read(
        db.session, "export_taken", what=BULLETIN, **_filters(bulletin), format=DOCX, rows=bulletin.items,
        sha256=digest,
    )  # fmt: skip
    db.session.commit()
    return Response(file, mimetype=MIMETYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _look(bulletin: Bulletin) -> Look:
    return Look(header=_("%(title)s · restricted use", title=title(bulletin)), page_words=_("Page"))


def _sections(bulletin: Bulletin) -> Iterator[Section]:
    yield Section(None, [Text(words, NOTE) for words in said_of(bulletin)])
    for part in bulletin.parts:
        yield Section(part.title, list(_blocks(part)))


def said_of(bulletin: Bulletin) -> list[str]:
    said = [_("What one reader of the team may see. For inside: read it through before you hand it on.")]
    if not bulletin.wish.with_titles:
        said.append(_("Without identities and without titles."))
    return said


def _blocks(part: Part) -> Iterator[Text]:
    for item in part.items:
        yield Text(" · ".join(filter(None, [f"{item.when}. {item.what}", item.detail, item.mark])), NUMBERED)
    if not part.items:
        yield Text(_("Nothing on record."))


def _lines(bulletin: Bulletin) -> Iterator[Sequence[str]]:
    for part in bulletin.parts:
        for one in part.items:
            yield (
                part.key, one.day, one.when, one.what, one.title, one.place, one.counts, one.state, one.reference,
            )  # fmt: skip
