"""Links between incidents: what they are called from each side, making and undoing them. No operation here commits."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_
from sqlalchemy.orm import joinedload, selectinload

from app import i18n
from app.access import find_visible, full_ids, may, visible
from app.accounts.models import User
from app.audit import note_read
from app.db import db
from app.incidents.beside import IncidentLink
from app.incidents.models import Incident
from app.incidents.text import clean_line
from app.incidents.workflow import REVIEWED
from app.places.models import Place
from app.vocabulary.queries import entries, label

KINDS = "incident_link_kinds"
FROM_HERE, TO_HERE = ">", "<"
LONGEST_NOTE = 300

_REFERENCE = re.compile(r"[A-Z]{3}-I-[0-9A-Z]{5}")
_MISREAD = str.maketrans("OIL", "011")


class LinkRefused(Exception):
    """A link that cannot be; the message is a sentence for people."""


@dataclass(frozen=True)
class Shown:
    """A link as it reads on the page of one of its ends."""

    link: IncidentLink
    words: str
    other: Incident
    in_full: bool
    """Whether the reader reads the other end in full: only then the note may be shown."""
    may_undo: bool
    asks_why: bool
    """Whether one of the two was reviewed: then it is undone for a reason."""


def inverse_words(kind: str) -> str:
    """The words of a kind read backwards."""
    found = entries(KINDS).get(kind)
    return (found.extra.get(f"inverse_{i18n.language()}") if found else None) or label(KINDS, kind)


def is_directed(kind: str) -> bool:
    found = entries(KINDS).get(kind)
    return found is None or found.extra.get("directed") != "no"


def words_from(link_kind: str, is_first: bool) -> str:
    return label(KINDS, link_kind) if is_first else inverse_words(link_kind)


def relation_choices() -> list[tuple[str, str]]:
    """Each kind as it reads from here, and where it has a direction also the other way round."""
    chosen: list[tuple[str, str]] = []
    for entry in entries(KINDS).values():
        if entry.active and entry.selectable:
            chosen.append((entry.code + FROM_HERE, entry.label))
            if is_directed(entry.code):
                chosen.append((entry.code + TO_HERE, inverse_words(entry.code)))
    return chosen


def links_of(user: User, incident: Incident) -> list[IncidentLink]:
    """Those whose other end the user sees too: a link to what one may not see is not there."""
    ends = [
        option
        for end in (IncidentLink.first, IncidentLink.second)
        for option in (
            joinedload(end).joinedload(Incident.place).joinedload(Place.department),
            joinedload(end).selectinload(Incident.acts),
        )
    ]
    statement = visible(IncidentLink, user).where(
        or_(IncidentLink.first_id == incident.id, IncidentLink.second_id == incident.id)
    )
    found: Any = db.session.scalars(statement.options(*ends).order_by(IncidentLink.id)).unique()
    return list(found)


def shown_links(user: User, incident: Incident) -> list[Shown]:
    links = links_of(user, incident)
    others = {link.id: link.second if link.first_id == incident.id else link.first for link in links}
    in_full = full_ids(Incident, user, list(others.values()))
    reviewed = incident.state in REVIEWED
    return [
        Shown(
            link,
            words_from(link.kind, link.first_id == incident.id),
            other := others[link.id],
            other.id in in_full,
            may_undo(user, link, incident, other, other.id in in_full),
            reviewed or other.state in REVIEWED,
        )
        for link in links
    ]


def may_undo(user: User, link: IncidentLink, incident: Incident, other: Incident, reads_other: bool) -> bool:
    """Of one's own, of two records that one writes to, and as reviewer of either: a link is said of both."""
    writes_both = reads_other and may(user, "records.write", other.team_id)
    return link.made_by_id == user.id or writes_both or may(user, "records.review", incident.team_id)


def link_of(user: User, incident: Incident, uid: str) -> IncidentLink | None:
    try:
        number = uuid.UUID(uid)
    except ValueError:
        return None
    return next((link for link in links_of(user, incident) if link.uid == number), None)


def incident_called(user: User, typed: str) -> Incident | None:
    """The incident that a typed reference names, if the user sees it; None for hidden and not there alike."""
    text = typed.strip().upper()
    if not _REFERENCE.fullmatch(text):
        return None
    return find_visible(Incident, user, text[:6] + text[6:].translate(_MISREAD), withdrawn=False)


def link_incidents(user: User, incident: Incident, relation: str, other: Incident, note: str | None) -> IncidentLink:
    """*relation* is a kind and the direction in which it reads. Raises LinkRefused."""
    kind, direction = relation[:-1], relation[-1:]
    first, second = (incident, other) if direction == FROM_HERE else (other, incident)
    _check(user, kind, first, second)
    words = clean_line(note)
    if words and len(words) > LONGEST_NOTE:
        raise LinkRefused(_("Too long: at most %(limit)s characters.", limit=LONGEST_NOTE))
    link = IncidentLink(first=first, second=second, kind=kind, note=words, made_by_id=user.id)
    db.session.add(link)
    return link


def unlink(link: IncidentLink, incident: Incident, why: str | None) -> None:
    """From the page of *incident*. The reason stands with that record alone: the other has readers of its own."""
    if link.first_id != incident.id and why:  # the trail keeps the link with the other end
        note_read(db.session, "link_undone", incident, reason=why)
    db.session.delete(link)


def _check(user: User, kind: str, first: Incident, second: Incident) -> None:
    if first.id == second.id:
        raise LinkRefused(_("An incident cannot be linked to itself."))
    known: Any = db.session.scalars(
        visible(IncidentLink, user).where(
            IncidentLink.kind == kind,
            or_(
                (IncidentLink.first_id == first.id) & (IncidentLink.second_id == second.id),
                (IncidentLink.first_id == second.id) & (IncidentLink.second_id == first.id),
            ),
        )
    ).all()
    if any(link.first_id == first.id or not is_directed(kind) for link in known):
        raise LinkRefused(_("The two are linked in this way already."))
    if is_directed(kind) and _leads(user, kind, second, first):
        raise LinkRefused(
            _(
                "This would run in a circle: %(second)s already stands so to %(first)s, at once or by way of others "
                "(“%(words)s”).",
                second=second.reference,
                first=first.reference,
                words=label(KINDS, kind),
            )
        )


def _leads(user: User, kind: str, start: Incident, target: Incident) -> bool:
    """Whether links of the kind lead from one to the other.

    Only by way of what the user sees: a refusal must not tell of an incident that is hidden.
    """
    seen: set[int] = {start.id}
    edge = {start.id}
    while edge:
        statement: Any = visible(IncidentLink, user).where(IncidentLink.kind == kind, IncidentLink.first_id.in_(edge))
        edge = set(db.session.scalars(statement.with_only_columns(IncidentLink.second_id))) - seen
        if target.id in edge:
            return True
        seen |= edge
    return False


def offered_others(user: User, incident: Incident) -> list[Incident]:
    """The other incidents of the case, to choose from; a reference from elsewhere may be typed."""
    if incident.case_id is None:
        return []
    statement = visible(Incident, user).where(Incident.case_id == incident.case_id, Incident.id != incident.id)
    ordered = statement.order_by(Incident.happened_from.desc().nulls_last(), Incident.id).limit(100)
    found: Any = db.session.scalars(ordered.options(selectinload(Incident.acts), joinedload(Incident.place))).unique()
    return list(found)
