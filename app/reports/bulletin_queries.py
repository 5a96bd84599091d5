"""Which records of one team a bulletin tells of: visible ones that something happened to in the month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.access import visible
from app.accounts.models import User
from app.agenda import TEAM, DueWish
from app.analysis.queries import AnalysisWish, agreements_found
from app.contracts.models import Contract, ContractSpan
from app.dates import UncertainDate, today, zone
from app.incidents.models import Act, Incident
from app.incidents.workflow import DRAFT, REJECTED
from app.people.models import Person
from app.proceedings.agenda import standing
from app.proceedings.models import Accused, Measure, Proceeding, Stage
from app.protection.models import Beneficiary, Protection, Step
from app.protection.queries import ProtectionWish, protection_found
from app.timeline.providers import NOT_YET_REVIEWED

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Month:
    first: date

    @property
    def last(self) -> date:
        return self.next.first - _ONE_DAY

    @property
    def next(self) -> Month:
        return Month((self.first + timedelta(days=31)).replace(day=1))

    @property
    def before(self) -> Month:
        return Month((self.first - _ONE_DAY).replace(day=1))

    @property
    def name(self) -> str:
        """As addresses name it: 2026-05."""
        return self.first.isoformat()[:7]

    def holds(self, day: UncertainDate) -> bool:
        """Whether it lies in the month for certain."""
        return bool(day.earliest and day.latest and self.first <= day.earliest and day.latest <= self.last)


def last_whole_month() -> Month:
    return Month(today().replace(day=1)).before


def _within(month: Month, earliest: Any, latest: Any) -> ColumnElement[bool]:
    return and_(earliest >= month.first, latest <= month.last)


# --- incidents -----------------------------------------------------------------------------------


def incidents_told(user: User, team_id: int) -> Select[tuple[Incident]]:
    """Of the team, sent to review at least, not rejected, and not waiting for a day to come.

    Who reads without identity takes no record away that nobody has reviewed.
    """
    return visible(Incident, user).where(
        Incident.team_id == team_id,
        Incident.state.not_in((DRAFT, REJECTED)),
        or_(Incident.state.not_in(NOT_YET_REVIEWED), Incident.full_to(user)),
        or_(Incident.embargo_until.is_(None), Incident.embargo_until < today()),
    )


def happened_in(user: User, team_id: int, month: Month) -> Select[tuple[Incident]]:
    inside = _within(month, Incident.happened_from, Incident.happened_to)
    return incidents_told(user, team_id).where(inside).order_by(Incident.happened_from, Incident.id)


def perhaps_in(user: User, team_id: int, month: Month) -> Select[tuple[Incident]]:
    """Those that may have happened in it; their day is not known well enough."""
    touches = and_(Incident.happened_from <= month.last, Incident.happened_to >= month.first)
    inside = _within(month, Incident.happened_from, Incident.happened_to)
    return incidents_told(user, team_id).where(touches, ~inside)


def recorded_in(user: User, team_id: int, month: Month) -> Select[tuple[Incident]]:
    """Written down in the month, and not among those that happened in it for certain."""
    inside = _within(month, Incident.happened_from, Incident.happened_to)
    elsewhere = or_(Incident.happened_from.is_(None), Incident.happened_to.is_(None), ~inside)
    begins, ends = _start_of(month.first), _start_of(month.next.first)
    statement = incidents_told(user, team_id).where(
        elsewhere, Incident.created_at >= begins, Incident.created_at < ends
    )
    return statement.order_by(Incident.happened_from.asc().nulls_last(), Incident.id)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), zone())


# --- what moved ----------------------------------------------------------------------------------


def proceedings_moved(user: User, team_id: int, month: Month) -> Select[tuple[Proceeding]]:
    """A stage was entered or left in the month, or a measure began or ended."""
    stages = select(Stage.proceeding_id).where(
        or_(_within(month, Stage.entered_from, Stage.entered_to), _within(month, Stage.left_from, Stage.left_to))
    )
    measures = select(Measure.proceeding_id).where(
        or_(
            _within(month, Measure.started_from, Measure.started_to),
            _within(month, Measure.ended_from, Measure.ended_to),
        )
    )
    return (
        visible(Proceeding, user)
        .where(
            standing(user, DueWish(whose=TEAM, team_id=team_id)),
            or_(Proceeding.id.in_(stages), Proceeding.id.in_(measures)),
        )
        .order_by(Proceeding.id)
    )


def protection_moved(user: User, team_id: int, month: Month) -> Select[tuple[Protection]]:
    """Asked for, answered, ended or gone on with in the month."""
    steps = select(Step.protection_id).where(_within(month, Step.taken_from, Step.taken_to))
    table = Protection.__table__.c
    days = [_within(month, table[f"{name}_from"], table[f"{name}_to"]) for name in ("happened", "answered", "ended")]
    found = protection_found(user, ProtectionWish(whose=TEAM), today())
    return found.where(Protection.team_id == team_id, or_(*days, Protection.id.in_(steps)))


def contracts_moved(user: User, team_id: int, month: Month) -> Select[tuple[Contract]]:
    """Agreements whose term may have begun or ended in the month; none that came in confidence."""
    spans = select(ContractSpan.contract_id).where(
        or_(
            ContractSpan.from_day.between(month.first, month.last),
            ContractSpan.to_day.between(month.first, month.last),
        )
    )
    return agreements_found(user, AnalysisWish()).where(
        Contract.team_id == team_id, Contract.in_confidence.is_(False), Contract.id.in_(spans)
    )


# --- of whom it tells ----------------------------------------------------------------------------


def persons_told(user: User, references: list[str]) -> Select[Any]:
    """Ids of those in these records, as far as the user may see them."""
    affected = select(Act.person_id).join(Act.incident).where(Incident.reference.in_(references))
    accused = select(Accused.person_id).join(Accused.proceeding).where(Proceeding.reference.in_(references))
    protected = select(Beneficiary.person_id).join(Beneficiary.protection).where(Protection.reference.in_(references))
    at_risk = select(Protection.person_id).where(Protection.reference.in_(references))
    return (
        visible(Person, user, withdrawn=True)
        .where(or_(*(Person.id.in_(ids) for ids in (affected, accused, protected, at_risk))))
        .with_only_columns(Person.id)
    )
