"""What is asked of incidents: the wish of a reader, narrowed to what that reader may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app import dates, i18n
from app.access import visible
from app.accounts.models import Team, User
from app.cases.models import Case
from app.dates import UncertainDate
from app.db import db
from app.i18n import count_range, uncertain_date_words
from app.incidents.models import (
    UNKNOWN,
    Act,
    Incident,
    IncidentCompany,
    IncidentProject,
    Involvement,
    ReviewNote,
    SourceLink,
)
from app.incidents.responses import grade_is
from app.organisations.models import Organisation, Project, ProjectCompany
from app.organisations.queries import organisations_found, projects_found
from app.people.models import Person
from app.places.models import Place
from app.search import matching
from app.vocabulary.queries import entries, label

NEWEST, OLDEST, UPDATED, URGENT_FIRST = "-date", "date", "-updated", "urgency"
ORDERS = (NEWEST, OLDEST, UPDATED, URGENT_FIRST)
OTHERS = "others"

NO_PLACE, UNDATED, ONE_SOURCE, NO_PERPETRATOR = "no_place", "undated", "one_source", "no_perpetrator"
GAPS = (NO_PLACE, UNDATED, ONE_SOURCE, NO_PERPETRATOR)


DIGEST_SHOWN = 16
"""So many signs of the digest of a file stand in an address."""


@dataclass(frozen=True)
class Wish:
    """What a reader looks for. Everything left empty narrows nothing."""

    text: str = ""
    types: tuple[str, ...] = ()
    """Codes of types or of groups of types, of any act of the incident."""
    perpetrator: str = ""
    states: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    """Whatever may have happened between these days counts: an interval that overlaps."""
    place: str = ""
    country: str = ""
    about: str = ""
    """A company or project: its reference, or words of its name."""
    urgency: str = ""
    impunity: str = ""
    """A grade of what the State did about it."""
    case: str = ""
    team: str = ""
    """The handle of a team, or OTHERS for what other teams share."""
    mine: bool = False
    gap: str = ""
    brought: str = ""
    """The beginning of the digest of a file: what an import of it brought."""
    withdrawn: bool = False
    order: str = NEWEST


def incidents_found(user: User, wish: Wish) -> Select[Any]:
    """The incidents of a wish, in its order: what the list shows, its counters count and the export writes."""
    statement = matching(visible(Incident, user, withdrawn=wish.withdrawn), Incident, wish.text, user)
    if wish.withdrawn:
        statement = statement.where(Incident.withdrawn_at.is_not(None))
    statement = statement.where(
        *_of_the_facts(wish), *_of_the_record(wish, user), *_of_what_full_readers_know(wish, user)
    )
    return statement.order_by(*_order(wish.order))


def _of_the_facts(wish: Wish) -> list[ColumnElement[bool]]:
    conditions = []
    if wish.types:
        codes = _with_children(wish.types)
        conditions.append(or_(Incident.main_type.in_(codes), Incident.acts.any(Act.act_type.in_(codes))))
    if wish.perpetrator:
        conditions.append(Incident.involvements.any(Involvement.perpetrator_type == wish.perpetrator))
    if wish.country:
        conditions.append(Incident.country == wish.country)
    if wish.urgency:
        conditions.append(Incident.urgency == wish.urgency)
    if wish.impunity:
        conditions.append(grade_is(wish.impunity))
    if wish.first_day or wish.last_day:
        conditions.append(_overlaps(wish.first_day, wish.last_day))
    return conditions


def _with_children(types: tuple[str, ...]) -> list[str]:
    return [entry.code for entry in entries("incident_types").values() if {entry.code, entry.parent} & set(types)]


def _overlaps(first: date | None, last: date | None) -> ColumnElement[bool]:
    """May have happened in that time. What has no date at all is not guessed into it."""
    conditions = [or_(Incident.happened_from.is_not(None), Incident.happened_to.is_not(None))]
    if first:
        conditions.append(or_(Incident.happened_to.is_(None), Incident.happened_to >= first))
    if last:
        conditions.append(or_(Incident.happened_from.is_(None), Incident.happened_from <= last))
    return and_(*conditions)


def _of_the_record(wish: Wish, user: User) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wish.states:
        conditions.append(Incident.state.in_(wish.states))
    if wish.case:
        cases = select(Case.id).where(Case.reference == wish.case, Case.visible_to(user))
        conditions.append(Incident.case_id.in_(cases))
    if wish.team == OTHERS:
        conditions.append(Incident.team_id.not_in(list(user.roles)))
    elif wish.team:
        conditions.append(Incident.team_id.in_(select(Team.id).where(Team.handle == wish.team)))
    if wish.mine:
        conditions.append(or_(Incident.created_by_id == user.id, Incident.assigned_to_id == user.id))
    return conditions


def _of_what_full_readers_know(wish: Wish, user: User) -> list[ColumnElement[bool]]:
    """Filters by what reading without identity does not show: nobody may find out by filtering."""
    conditions: list[ColumnElement[bool]] = []
    if wish.about:
        conditions += [_touches(wish.about, user), Incident.full_to(user)]
    if wish.brought:
        conditions += [_came_with(wish.brought), Incident.full_to(user)]
    if wish.place:
        conditions.append(_lies_in(wish.place, user))
    if wish.gap == NO_PLACE:
        conditions.append(and_(Incident.place_id.is_(None), Incident.region_text.is_(None)))
    elif wish.gap == UNDATED:
        conditions.append(and_(Incident.happened_from.is_(None), Incident.happened_to.is_(None)))
    elif wish.gap == NO_PERPETRATOR:
        conditions.append(~Incident.involvements.any(Involvement.perpetrator_type.is_not(None)))
    elif wish.gap == ONE_SOURCE:
        sources = select(func.count(SourceLink.id)).where(SourceLink.incident_id == Incident.id)
        conditions += [sources.correlate(Incident).scalar_subquery() <= 1, Incident.full_to(user)]
    return conditions


def _came_with(digest: str) -> ColumnElement[bool]:
    # The table of imports belongs to a room above; the foreign key knows it.
    (batch,) = (key.column.table for key in Incident.__table__.c.import_batch_id.foreign_keys)
    of_the_file = select(batch.c.id).where(batch.c.sha256.startswith(digest, autoescape=True))
    return Incident.import_batch_id.in_(of_the_file)


def _lies_in(key: str, user: User) -> ColumnElement[bool]:
    """In a department for whoever sees the row; in a province or district for full readers only."""
    within = select(Place.id).where(Place.key == key).scalar_subquery()
    in_department = Incident.place_id.in_(
        select(Place.id).where(or_(Place.department_id == within, Place.id == within))
    )
    department = select(Place.id).where(Place.key == key, Place.level == "department").exists()
    deeper = Incident.place_id.in_(select(Place.id).where(or_(Place.province_id == within, Place.id == within)))
    return or_(and_(department, in_department), and_(deeper, Incident.full_to(user)))


def _touches(words: str, user: User) -> ColumnElement[bool]:
    """The company or project is named in the incident: as its project or company, or among the perpetrators."""
    organisations = organisations_found(user, words).with_only_columns(Organisation.id).order_by(None)
    projects = projects_found(user, words).with_only_columns(Project.id).order_by(None)
    run_by_them = select(ProjectCompany.project_id).where(ProjectCompany.organisation_id.in_(organisations))
    return or_(
        Incident.company_links.any(IncidentCompany.organisation_id.in_(organisations)),
        Incident.project_links.any(
            or_(IncidentProject.project_id.in_(projects), IncidentProject.project_id.in_(run_by_them))
        ),
        Incident.involvements.any(Involvement.organisation_id.in_(organisations)),
    )


def _order(order: str) -> list[Any]:
    newest_first = [Incident.happened_from.desc().nulls_last(), Incident.id]
    if order == OLDEST:
        return [Incident.happened_from.asc().nulls_last(), Incident.id]
    if order == UPDATED:
        return [Incident.updated_at.desc(), Incident.id]
    if order == URGENT_FIRST:
        return [urgency_rank(), *newest_first]
    return newest_first


def urgency_rank() -> ColumnElement[int]:
    """The most urgent first; what says nothing of it last."""
    codes = [entry.code for entry in entries("urgency_levels").values()]
    ranks = [(Incident.urgency == code, rank) for rank, code in enumerate(codes)]
    return case(*ranks, else_=len(codes)) if ranks else case((Incident.urgency.is_(None), 1), else_=0)


# --- counting the same sentence ------------------------------------------------------------------


def counted_by_state(statement: Select[Any]) -> Mapping[str, int]:
    """How many of these incidents stand in each state."""
    counted = statement.with_only_columns(Incident.state, func.count(Incident.id)).order_by(None)
    return {state: number for state, number in db.session.execute(counted.group_by(Incident.state))}


def counted_by_gap(user: User, wish: Wish) -> dict[str, int]:
    """How many of the incidents of a wish lack what, each number that of the list with that gap; in one statement."""
    found = incidents_found(user, wish).order_by(None)
    counted = [
        func.sum(case((and_(*_of_what_full_readers_know(Wish(gap=gap), user)), 1), else_=0)).label(gap) for gap in GAPS
    ]
    numbers = db.session.execute(found.with_only_columns(*counted, maintain_column_froms=True)).one()
    return {gap: number or 0 for gap, number in zip(GAPS, numbers, strict=True)}


def countries_of(user: User) -> list[str]:
    """The countries of the incidents that the user sees."""
    found = visible(Incident, user).with_only_columns(Incident.country).where(Incident.country.is_not(None))
    return list(db.session.scalars(found.distinct()))


# --- what is loaded with them --------------------------------------------------------------------


def with_place(statement: Select[Any]) -> Select[Any]:
    place = joinedload(Incident.place)
    return statement.options(place, place.joinedload(Place.department), place.joinedload(Place.province))


def for_list(statement: Select[Any]) -> Select[Any]:
    """What a line of a list shows: place, acts."""
    return with_place(statement).options(selectinload(Incident.acts))


def for_review(statement: Select[Any]) -> Select[Any]:
    """What a line of the review queue shows: also sources, perpetrators and what was said."""
    return for_list(statement).options(
        selectinload(Incident.source_links).joinedload(SourceLink.source),
        selectinload(Incident.involvements),
        selectinload(Incident.reviews),
    )


def for_page(statement: Select[Any]) -> Select[Any]:
    """Everything that the page of an incident or its line in an export shows."""
    acts = selectinload(Incident.acts).joinedload(Act.person)
    return with_place(statement).options(
        acts,
        acts.selectinload(Person.consents),
        selectinload(Incident.involvements).joinedload(Involvement.organisation),
        selectinload(Incident.source_links).joinedload(SourceLink.source),
        selectinload(Incident.reviews).joinedload(ReviewNote.by),
        selectinload(Incident.project_links).joinedload(IncidentProject.project),
        selectinload(Incident.company_links).joinedload(IncidentCompany.organisation),
        selectinload(Incident.responses),
        selectinload(Incident.answer_notes),
        joinedload(Incident.case),
        joinedload(Incident.team),
    )


# --- what of it a reader is shown ----------------------------------------------------------------


def shown_title(incident: Incident, in_full: bool) -> str:
    """The title for full readers and of what is public already; for others what codes say. The one place for it."""
    if in_full or incident.is_already_public:
        return incident.title_in(i18n.language())
    parts = [label("incident_types", incident.main_type), shown_place(incident, False), _month_words(incident)]
    return " · ".join(part for part in parts if part) or _("(untitled)")


def shown_place(incident: Incident, in_full: bool) -> str:
    """From the district up for full readers, the department for others; empty where none is on record."""
    if incident.place is None:
        return incident.region_text or ""
    return incident.place.full_name if in_full else incident.place.admin1.name


def shown_date(incident: Incident, in_full: bool) -> str:
    """The day as far as it is known; the words of the source are for full readers."""
    return uncertain_date_words(incident.happened if in_full else replace(incident.happened, text=None))


def _month_words(incident: Incident) -> str:
    happened = replace(incident.happened, text=None)  # the words of the source are free text
    if happened.earliest is None and happened.latest is None:
        return ""
    if happened.precision == dates.DAY and happened.earliest:
        happened = UncertainDate.in_month(happened.earliest.year, happened.earliest.month)
    return uncertain_date_words(happened)


def harm_words(incident: Incident) -> list[str]:
    """«3 to 5 killed» of the whole incident, as a card on a phone says it in one line."""
    counts = {what: incident.counted(what) for what in ("killed", "injured", "detained")}
    return [_number_words(what, count) for what, count in counts.items() if count != (None, None)]


def counted_words(act: Act) -> list[str]:
    """«3 to 5 killed», as far as anything is on record."""
    counts = {what: (getattr(act, f"{what}_least"), getattr(act, f"{what}_most")) for what in COUNTED}
    return [_number_words(what, count) for what, count in counts.items() if count != (None, None)]


COUNTED = ("affected", "killed", "injured", "detained")


def _number_words(what: str, count: tuple[int | None, int | None]) -> str:
    words = {
        "affected": lambda number: _("%(number)s affected", number=number),
        "killed": lambda number: _("%(number)s killed", number=number),
        "injured": lambda number: _("%(number)s injured", number=number),
        "detained": lambda number: _("%(number)s detained", number=number),
    }
    return words[what](count_range(*count))


def known(answer: str) -> str | None:
    """The label of yes or no; None for «unknown», which the page says in its own way."""
    return None if answer == UNKNOWN else label("yes_no_unknown", answer)
