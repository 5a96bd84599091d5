"""The row rule: which records a pack may carry as rows, and for which one reason each of the others stays."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.access import may, visible
from app.accounts.models import User
from app.cases.models import NETWORK, Case
from app.incidents.models import Act, Incident, IncidentCompany, IncidentProject, SourceLink
from app.people.allowed import AGGREGATE_ONLY, ANONYMISED_PUBLIC, NAMED_PUBLIC, WEAKEST_FIRST, reach_for, reach_of
from app.people.consent import effective_consent
from app.people.models import Person
from app.places.models import Place
from app.upr.filters import Filters
from app.upr.period import OUTSIDE, UNDATED, place_in_period
from app.vocabulary.queries import upr_code

UNVERIFIED, NO_CONSENT, WITHDRAWN, EMBARGO, OTHER_ORG = "unverified", "no_consent", "withdrawn", "embargo", "other_org"
REASONS = (UNVERIFIED, NO_CONSENT, EMBARGO, UNDATED, WITHDRAWN, OTHER_ORG)

FIRM_ENOUGH = frozenset({"corroborated", "verified"})
PURPOSE = "UPR"


def teams_of(user: User) -> list[int]:
    """The teams for which the user makes packs."""
    return [team for team in user.roles if may(user, "upr.export", team)]


def candidates(user: User, filters: Filters) -> Select[Any]:
    """The records that are asked at all: (incident, whether it is the user's own to export).

    Own are the records of the teams that the user coordinates. Of other teams only what they share as *network*
    is asked, and of that only what is already public can leave: the user reads it without identity, so nothing
    else of it is the user's to give away. What the user does not see is outside: it is neither carried nor counted.
    """
    own = and_(Incident.team_id.in_(teams_of(user)), Incident.full_to(user))
    shared = and_(
        Incident.case_id.in_(select(Case.id).where(Case.confidentiality == NETWORK)),
        Incident.withdrawn_at.is_(None),
    )
    return (
        visible(Incident, user, withdrawn=True)
        .add_columns(own.label("is_own"))
        .where(Incident.country == filters.country, or_(own, shared), may_touch(filters))
        .options(*_all_that_a_row_needs())
    )


def may_touch(filters: Filters) -> ColumnElement[bool]:
    """Wider than the rule of the period; leaves out what certainly lies outside."""
    return and_(
        or_(Incident.happened_from.is_(None), Incident.happened_from <= filters.last),
        or_(Incident.happened_to.is_(None), Incident.happened_to >= filters.first),
    )


def _all_that_a_row_needs() -> list[Any]:
    person = selectinload(Incident.acts).selectinload(Act.person)
    place = joinedload(Incident.place)
    return [
        joinedload(Incident.case),
        place.joinedload(Place.department),
        place.joinedload(Place.province),
        person.selectinload(Person.consents),
        selectinload(Incident.involvements),
        selectinload(Incident.source_links).joinedload(SourceLink.source),
        selectinload(Incident.project_links).joinedload(IncidentProject.project),
        selectinload(Incident.company_links).joinedload(IncidentCompany.organisation),
    ]


def reason_to_stay(incident: Incident, placed: str, is_own: bool, day: date) -> str | None:
    """Why a record that matches the filters is no row; None when it leaves. *placed* is its place in the period."""
    reason = next((reason for reason, holds in _hindrances(incident, placed, day) if holds), None)
    if is_own:
        return reason
    # One word for all that another team keeps: the true reason could tell of a refusal.
    return OTHER_ORG if reason or not incident.is_already_public else None


def _hindrances(incident: Incident, placed: str, day: date) -> list[tuple[str, bool]]:
    return [
        (WITHDRAWN, incident.is_withdrawn),
        (UNVERIFIED, upr_code("verification_statuses", incident.state) not in FIRM_ENOUGH),
        (UNDATED, placed == UNDATED),
        (EMBARGO, incident.embargo_until is not None and incident.embargo_until >= day),
        (NO_CONSENT, consent_level(incident, day) not in (ANONYMISED_PUBLIC, NAMED_PUBLIC)),
    ]


def matches(placed: str) -> bool:
    """Undated records match every period: nobody can say that they lie outside."""
    return placed != OUTSIDE


def placed_in(incident: Incident, filters: Filters) -> str:
    return place_in_period(incident.happened, filters.first, filters.last)


# --- consent -------------------------------------------------------------------------------------


def persons_in(incident: Incident) -> list[Person]:
    """Each person in the record once."""
    return list({act.person.id: act.person for act in incident.acts if act.person}.values())


def consent_level(incident: Incident, day: date) -> str:
    """How far the record may go: the weakest consent of all persons in it.

    What is already public may leave without names, unless one of them refused or wants it kept inside.
    """
    reaches = [reach_for(person, PURPOSE, day) for person in persons_in(incident)]
    weakest = min(reaches, key=WEAKEST_FIRST.index, default=AGGREGATE_ONLY)
    if weakest == AGGREGATE_ONLY and incident.is_already_public:
        return ANONYMISED_PUBLIC
    return weakest


def may_be_named(incident: Incident, day: date) -> bool:
    """Whether all persons in the record agreed to be named in the review itself, and it is public already.

    A consent for any purpose is not enough for this.
    """
    consents = [effective_consent(person, PURPOSE, day) for person in persons_in(incident)]
    return (
        incident.is_already_public
        and bool(consents)
        and all(consent is not None and consent.purpose == PURPOSE for consent in consents)
        and all(reach_of(consent) == NAMED_PUBLIC for consent in consents)
    )
