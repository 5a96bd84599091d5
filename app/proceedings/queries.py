"""What is asked of proceedings: the list, one with all that hangs on it, and what is next."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import selectinload

from app import i18n
from app.access import visible
from app.accounts.models import User
from app.cases.models import Case
from app.dates import UncertainDate
from app.incidents.models import Incident
from app.incidents.queries import with_place
from app.organisations.models import Organisation
from app.people.models import Person
from app.proceedings.models import Accused, Measure, Proceeding, ProceedingIncident, Stage
from app.search import matching
from app.vocabulary.queries import label

WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True)
class ProceedingWish:
    """What the list is asked for."""

    text: str = ""
    direction: str = ""
    stage: str = ""
    outcome: str = ""
    case: str = ""


def proceedings_found(user: User, wish: ProceedingWish) -> Select[tuple[Proceeding]]:
    """Visible proceedings that fit, the last changed first: what the list shows, counts and exports."""
    is_withdrawn = wish.outcome == WITHDRAWN
    statement = matching(visible(Proceeding, user, withdrawn=is_withdrawn), Proceeding, wish.text, user)
    if is_withdrawn:
        statement = statement.where(Proceeding.withdrawn_at.is_not(None))
    elif wish.outcome:
        statement = statement.where(Proceeding.outcome == wish.outcome)
    if wish.direction:
        statement = statement.where(Proceeding.direction == wish.direction)
    if wish.stage:
        statement = statement.where(Proceeding.current_stage == wish.stage)
    if wish.case:
        cases = select(Case.id).where(Case.reference == wish.case, Case.visible_to(user))
        statement = statement.where(Proceeding.case_id.in_(cases))
    return statement.order_by(Proceeding.updated_at.desc(), Proceeding.id.desc())


def for_list(statement: Select[Any]) -> Select[Any]:
    """With what a line of the list shows."""
    return statement.options(
        selectinload(Proceeding.accused), selectinload(Proceeding.stages), selectinload(Proceeding.case)
    )


def for_page(statement: Select[Any]) -> Select[Any]:
    """With all that a page of one proceeding shows, in a fixed number of statements."""
    accused = selectinload(Proceeding.accused)
    return statement.options(
        accused.selectinload(Accused.person),
        accused.selectinload(Accused.charges),
        accused.selectinload(Accused.measures).selectinload(Measure.extensions),
        selectinload(Proceeding.stages),
        selectinload(Proceeding.hearings),
        selectinload(Proceeding.deadlines),
        selectinload(Proceeding.answers),
        selectinload(Proceeding.numbers),
        selectinload(Proceeding.incident_links),
        selectinload(Proceeding.case),
        selectinload(Proceeding.court),
        selectinload(Proceeding.prosecutor),
        selectinload(Proceeding.complainant),
    )


def proceedings_in(user: User, case: Case) -> Select[tuple[Proceeding]]:
    return visible(Proceeding, user).where(Proceeding.case_id == case.id).order_by(Proceeding.id)


def origin_offered(user: User, case: Case, proceeding: Proceeding | None = None) -> Select[tuple[Incident]]:
    """Incidents that the user reads in full: those of the case, and those from which it is said to arise already."""
    rule = Incident.case_id == case.id
    if proceeding is not None:
        rule |= Incident.id.in_(_origin_ids(user, proceeding))
    return (
        visible(Incident, user)
        .where(rule, Incident.full_to(user))
        .order_by(Incident.happened_from.desc().nulls_last(), Incident.id.desc())
    )


def origin_of(user: User, proceeding: Proceeding) -> Select[tuple[Incident]]:
    """The incidents from which it arises, as far as the user sees them."""
    found = visible(Incident, user).where(Incident.id.in_(_origin_ids(user, proceeding)))
    return with_place(found).order_by(Incident.happened_from.nulls_last(), Incident.id)


def _origin_ids(user: User, proceeding: Proceeding) -> Select[Any]:
    links = visible(ProceedingIncident, user).where(ProceedingIncident.proceeding_id == proceeding.id)
    return links.with_only_columns(ProceedingIncident.incident_id)


def proceedings_from(user: User, incident: Incident) -> Select[tuple[Proceeding]]:
    links = visible(ProceedingIncident, user).where(ProceedingIncident.incident_id == incident.id)
    named = links.with_only_columns(ProceedingIncident.proceeding_id)
    return visible(Proceeding, user).where(Proceeding.id.in_(named)).order_by(Proceeding.id)


def proceedings_of(user: User, person: Person) -> Select[tuple[Proceeding]]:
    """Those in which the person has a part and which the user reads in full: to others it would say who is accused."""
    named = select(Accused.proceeding_id).where(Accused.person_id == person.id)
    return (
        visible(Proceeding, user)
        .where(Proceeding.id.in_(named), Proceeding.full_to(user))
        .order_by(Proceeding.updated_at.desc(), Proceeding.id.desc())
    )


def proceedings_with(user: User, organisation: Organisation) -> Select[tuple[Proceeding]]:
    """Those of which it is court, prosecutor's office or complainant, and which the user reads in full."""
    bodies = (Proceeding.court_id, Proceeding.prosecutor_id, Proceeding.complainant_id)
    return (
        visible(Proceeding, user)
        .where(or_(*(column == organisation.id for column in bodies)), Proceeding.full_to(user))
        .order_by(Proceeding.updated_at.desc(), Proceeding.id.desc())
    )


def stage_told(stage: Stage) -> list[tuple[UncertainDate, str]]:
    """Its days with their words: when it was entered and, where that was another day, what came out and when."""
    name, outcome = label("proc_stages", stage.stage), label("proc_outcomes", stage.outcome)
    words = " · ".join(filter(None, [name, outcome]))
    if stage.decided == stage.entered:
        return [(stage.entered, words)]
    return [(stage.entered, name), (stage.decided, words)]


def entries_told_by_stages(user: User, case: Case) -> Select[Any]:
    """Numbers of the timeline's entries for which a stage stands."""
    here = select(Proceeding.id).where(Proceeding.case_id == case.id, Proceeding.withdrawn_at.is_(None))
    return visible(Stage, user).where(Stage.proceeding_id.in_(here)).with_only_columns(Stage.entry_uid)


def shown_title(proceeding: Proceeding, in_full: bool) -> str:
    """A title is free text and may say too much: who reads without identity is given the reference."""
    return proceeding.title_in(i18n.language()) if in_full else proceeding.reference


def shown_day(value: UncertainDate, in_full: bool) -> str:
    """The day as far as it is known; the words of the source are for full readers."""
    return i18n.uncertain_date_words(value if in_full else replace(value, text=None))


def part_of(proceeding: Proceeding, uid: str) -> Any:
    """What hangs on this proceeding, and on no other, under that number; None for anything else."""
    try:
        number = uuid.UUID(uid)
    except ValueError:
        return None
    parts: list[Any] = [*proceeding.numbers, *proceeding.accused, *proceeding.stages, *proceeding.hearings]
    parts += proceeding.deadlines
    for row in proceeding.accused:
        parts += [*row.charges, *row.measures, *(one for measure in row.measures for one in measure.extensions)]
    return next((part for part in parts if part.uid == number), None)
