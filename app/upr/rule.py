"""The row rule: which records a pack may carry as rows, which it may only count, and why each of the others stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.access import may, visible
from app.accounts.models import User
from app.cases.models import NETWORK, Case
from app.dates import beginning_of
from app.incidents.models import Act, Incident, IncidentCompany, IncidentProject, SourceLink
from app.people.allowed import (
    AGGREGATE_ONLY,
    ANONYMISED_PUBLIC,
    INTERNAL_ONLY,
    NAMED_PUBLIC,
    WEAKEST_FIRST,
    reach_for,
    reach_of,
)
from app.people.consent import effective_consent
from app.people.models import Person
from app.places.models import Place
from app.upr.filters import RECORDED, VERIFICATION, Filters
from app.upr.period import INSIDE, OUTSIDE, UNDATED, place_in_period
from app.vocabulary.queries import upr_code

UNVERIFIED, NO_CONSENT, WITHDRAWN, EMBARGO, OTHER_ORG = "unverified", "no_consent", "withdrawn", "embargo", "other_org"
UNKNOWN = "unknown"
TOO_FEW = "too_few"
REASONS = (UNVERIFIED, NO_CONSENT, EMBARGO, UNDATED, WITHDRAWN, OTHER_ORG, TOO_FEW)

ROW, SUMS, NOTHING = "row", "sums", "nothing"
"""What a pack may make of a record: a row, a count in its tables, or nothing."""
PURPOSE = "UPR"
SINGLE_SOURCE = "single_source"


@dataclass(frozen=True)
class Verdict:
    """What becomes of a record that matches, and where it is no row, for which one reason."""

    reach: str
    reason: str | None = None


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
        .order_by(Incident.reference)
    )


def may_touch(filters: Filters) -> ColumnElement[bool]:
    """Wider than the rule of the period; leaves out what certainly lies outside."""
    if filters.date_basis == RECORDED:
        return and_(
            Incident.created_at >= beginning_of(filters.first),
            Incident.created_at < beginning_of(filters.last + timedelta(days=1)),
        )
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
        selectinload(Incident.responses),
        selectinload(Incident.source_links).joinedload(SourceLink.source),
        selectinload(Incident.project_links).joinedload(IncidentProject.project),
        selectinload(Incident.company_links).joinedload(IncidentCompany.organisation),
    ]


def judge(incident: Incident, placed: str, is_own: bool, day: date, filters: Filters) -> Verdict:
    """What becomes of a record that matches the filters. *placed* is its place in the period."""
    level = consent_level(incident, day)
    verdict = _verdict(incident, placed, level, day, filters)
    if is_own:
        return verdict
    # One word for all that another team keeps: the true reason could tell of a refusal.
    return verdict if verdict.reach == ROW and incident.is_already_public else Verdict(NOTHING, OTHER_ORG)


def _verdict(incident: Incident, placed: str, level: str, day: date, filters: Filters) -> Verdict:
    hindrances = [
        (WITHDRAWN, incident.is_withdrawn),
        (UNVERIFIED, not _is_firm(verification_of(incident), filters)),
        (UNDATED, placed == UNDATED and not filters.include_undated),
        (EMBARGO, incident.embargo_until is not None and incident.embargo_until >= day),
        (NO_CONSENT, level == INTERNAL_ONLY),
    ]
    reason = next((reason for reason, holds in hindrances if holds), None)
    if reason:
        return Verdict(NOTHING, reason)
    wanted = WEAKEST_FIRST.index(filters.consent)
    return Verdict(ROW) if WEAKEST_FIRST.index(level) >= wanted else Verdict(SUMS, NO_CONSENT)


def verification_of(incident: Incident) -> str | None:
    """As it leaves the house; None for what is not through with its review. Without a source nothing is verified."""
    code = upr_code("verification_statuses", incident.state)
    if code == SINGLE_SOURCE and not incident.source_links:
        return VERIFICATION[0]
    return code if code in VERIFICATION else None


def _is_firm(verification: str | None, filters: Filters) -> bool:
    return verification is not None and VERIFICATION.index(verification) >= VERIFICATION.index(filters.verification)


def is_asked_for(incident: Incident, filters: Filters) -> bool:
    """Whether its types, perpetrators, sector and region were asked for; a parent type takes all below it."""
    if filters.types:
        types = {upr_code("incident_types", code) or "" for code in incident.types}
        if not any(code == wanted or code.startswith(f"{wanted}.") for code in types for wanted in filters.types):
            return False
    if filters.perpetrators:
        by = {upr_code("perpetrator_types", link.perpetrator_type) or UNKNOWN for link in incident.involvements}
        if not (by or {UNKNOWN}) & set(filters.perpetrators):
            return False
    if filters.sectors and (upr_code("sectors", incident.sector) or UNKNOWN) not in filters.sectors:
        return False
    return not filters.admin1 or region_code(incident) in filters.admin1


def region_code(incident: Incident) -> str | None:
    """ISO 3166-2 of the region; of the province where that has a code of its own."""
    place = incident.place
    return (place.iso_3166_2 or place.admin1.iso_3166_2) if place else None


def matches(placed: str) -> bool:
    """Undated records match every period: nobody can say that they lie outside."""
    return placed != OUTSIDE


def placed_in(incident: Incident, filters: Filters) -> str:
    if filters.date_basis == RECORDED:
        return INSIDE
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
