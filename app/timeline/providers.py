"""What incidents and the case's own entries bring into the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, or_
from sqlalchemy.orm import joinedload, selectinload

from app import i18n
from app.access import full_ids, may, reads_in_full, visible
from app.accounts.models import User
from app.cases.models import Case, TimelineEntry
from app.cases.queries import entries_of
from app.contracts.standing import entries_told_by_contracts
from app.db import db
from app.i18n import count_range, uncertain_date_words
from app.incidents.models import Incident
from app.incidents.queries import shown_date, shown_title
from app.incidents.workflow import DRAFT, IN_REVIEW, NEEDS_INFO, SUBMITTED
from app.places.models import Place
from app.proceedings.queries import entries_told_by_stages
from app.protection.queries import entries_told_by_protection
from app.timeline.moments import Moment
from app.vocabulary.queries import label

LONGEST_TEXT = 300

LANE_OF_KIND = {
    "incident": "incidents",
    "proceeding": "court",
    "contract": "contracts",
    "protection": "actions",
    "transparency": "actions",
    "context": "context",
    "outcome": "context",
}


NOT_YET_REVIEWED = frozenset({DRAFT, SUBMITTED, IN_REVIEW, NEEDS_INFO})


def is_on_paper() -> bool:
    """Whether the page is the printed summary of a case, which is handed on without whoever could explain it."""
    return request.endpoint == "timeline.print_summary"


def fit_for_paper(user: User) -> list[ColumnElement[bool]]:
    """Who reads without identity takes no record away on paper that nobody has reviewed."""
    if not is_on_paper():
        return []
    return [or_(Incident.state.not_in(NOT_YET_REVIEWED), Incident.full_to(user))]


def incidents_of(user: User, case: Case) -> Select[tuple[Incident]]:
    """The case's incidents that the user sees, the last day first."""
    return (
        visible(Incident, user)
        .where(Incident.case_id == case.id, *fit_for_paper(user))
        .options(
            joinedload(Incident.place).joinedload(Place.department),
            joinedload(Incident.place).joinedload(Place.province),
            selectinload(Incident.acts),
        )
        .order_by(Incident.happened_from.desc().nulls_last(), Incident.id.desc())
    )


def incident_moments(case: Case, user: User) -> Iterator[Moment]:
    incidents: Any = db.session.scalars(incidents_of(user, case)).unique().all()
    in_full = full_ids(Incident, user, incidents)
    for incident in incidents:
        full = incident.id in in_full
        yield Moment(
            lane="incidents",
            happened=incident.happened,
            when=shown_date(incident, full),
            title=shown_title(incident, full),
            what=label("incident_types", incident.main_type),
            address=url_for("incidents.show", reference=incident.reference),
            reference=incident.reference,
            text=_text_of(incident, full),
            state=incident.state,
            is_unreviewed=is_on_paper() and incident.state in NOT_YET_REVIEWED,
            short=_harm(incident) or label("incident_types", incident.main_type),
        )


def _text_of(incident: Incident, in_full: bool) -> str | None:
    """The public summary, which is shorter, else the beginning of the narrative."""
    if not (in_full or incident.is_already_public):
        return None
    return incident.summary_in(i18n.language()) or (_beginning(incident.narrative) if in_full else None)


def _beginning(text: str | None) -> str | None:
    if text is None or len(text) <= LONGEST_TEXT:
        return text
    return text[:LONGEST_TEXT].rsplit(" ", 1)[0] + " …"


def _harm(incident: Incident) -> str:
    words = {
        "killed": lambda number: _("%(number)s killed", number=number),
        "injured": lambda number: _("%(number)s injured", number=number),
        "detained": lambda number: _("%(number)s detained", number=number),
    }
    for what, said in words.items():
        least, most = incident.counted(what)
        if (least, most) not in ((None, None), (0, 0)):
            return said(count_range(least, most))
    return ""


def entry_moments(case: Case, user: User) -> Iterable[Moment]:
    entries: Any = db.session.scalars(entries_of(user, case)).all()
    in_full = reads_in_full(user, case)
    may_edit = in_full and may(user, "records.write", case.team_id) and not case.is_withdrawn
    # What became a stage of a proceeding, or a measure, is told there. Who reads without identity keeps the public
    # words of the entry.
    told = {*db.session.scalars(entries_told_by_stages(user, case))} if in_full else set()
    told |= {*db.session.scalars(entries_told_by_protection(user, case))} if in_full else set()
    told |= {*db.session.scalars(entries_told_by_contracts(user, case))} if in_full else set()
    return [_entry_moment(entry, case, may_edit) for entry in entries if entry.uid not in told]


def _entry_moment(entry: TimelineEntry, case: Case, may_edit: bool) -> Moment:
    language = i18n.language()
    kind = label("timeline_event_types", entry.entry_type) or label("record_kinds", entry.kind)
    return Moment(
        lane=LANE_OF_KIND.get(entry.kind, "context"),
        happened=entry.happened,
        when=uncertain_date_words(entry.happened),
        title=entry.text_in(language),
        what=kind,
        text=entry.detail_in(language) or None,
        source=entry.citation or entry.url,
        source_address=entry.url,
        is_public=entry.is_public,
        short=kind,
        anchor=f"entry-{entry.uid}",
        edit_address=url_for("cases.edit_entry", reference=case.reference, uid=entry.uid) if may_edit else None,
    )
