"""How incidents and contracts stand to one another: what days and places say, beside what people have decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from app.access import COORDINATOR, in_teams_where, visible
from app.accounts.models import User
from app.cases.models import Case, TimelineEntry
from app.contracts.links import COMPUTED, CONFIRMED, L0, L1, L2, PROPOSED, WITH_EVIDENCE, Confirmed, ContractLink
from app.contracts.matches import RANKS, WAYS, Match, matches, read
from app.contracts.models import TERM_UNKNOWN, Contract, ContractProject
from app.contracts.workflow import REJECTED
from app.db import db
from app.incidents.models import Incident, IncidentProject
from app.incidents.queries import for_list
from app.organisations.models import Organisation, Project, ProjectPlace
from app.organisations.queries import organisations_found, projects_found

UNDECIDED, NO_TERM, WAITING, SENT_BACK, CHANGED, DECIDED, DISCARDED = (
    "undecided", "no_term", "waiting", "sent_back", "changed", "confirmed", "discarded",
)  # fmt: skip
STATUSES = (WAITING, CHANGED, UNDECIDED, SENT_BACK, NO_TERM, DECIDED, DISCARDED)
"""In the order in which they ask for somebody."""
ORDER_ON_A_PAGE = (DECIDED, WAITING, SENT_BACK, CHANGED, UNDECIDED, NO_TERM, DISCARDED)


def still_confirmed(match: Match | None, link: ContractLink | None) -> Confirmed | None:
    """What one person has confirmed of a link, if it follows from days and places as it did then."""
    found = link.confirmed if link is not None else None
    if found is None or match is None:
        return None
    return found if (found.followed, found.level) == (match.follows, match.level) else None


@dataclass(frozen=True)
class Standing:
    """An incident and an agreement. *match*: what follows now; *link*: what somebody decided."""

    incident: Incident
    contract: Contract
    match: Match | None
    link: ContractLink | None
    status: str
    projects: list[Project] = field(default_factory=list)
    """Those that both are about."""
    zones: list[str] = field(default_factory=list)
    """Names of the projects of the agreement in whose zone the incident happened."""

    @property
    def has_changed(self) -> bool:
        return self.status == CHANGED

    @property
    def confirmed(self) -> Confirmed | None:
        """What one person has confirmed and still follows from days and places, also under a proposal."""
        return still_confirmed(self.match, self.link)

    @property
    def may_be_confirmed(self) -> bool:
        """Days and places give a level, and nobody has decided over it as it stands now."""
        is_open = self.link is None or (self.has_changed and self.link.level in COMPUTED)
        return is_open and self.match is not None and self.match.level is not None

    @property
    def may_be_discarded(self) -> bool:
        return self.match is not None if self.link is None else self.link.level in COMPUTED

    @property
    def may_be_proposed(self) -> bool:
        return self.link is None or self.link.level in COMPUTED or self.link.state == PROPOSED

    @property
    def seen(self) -> str:
        """What a reader has before them, so that nobody confirms something else than they read."""
        return f"{self.match.follows}-{self.match.level}" if self.match else ""


@dataclass(frozen=True)
class StandingWish:
    """What the list of links is asked for."""

    status: str = ""
    company: str = ""
    project: str = ""


# --- the question --------------------------------------------------------------------------------


def standing(user: User, *, incidents: Select[Any] | None = None, contracts: Select[Any] | None = None) -> Select[Any]:
    """(incident, agreement, rank, the ways, link, status) of all that matches or was decided; see `matches.WAYS`.

    Narrowed by selects of either, as `matches` is. Withdrawn and rejected records have no links.
    """
    computed = matches(user, incidents=incidents, contracts=contracts).subquery("computed")
    columns = [computed.c[name] for name in ("incident_id", "contract_id", *WAYS)]
    decided = _decided(user, incidents, contracts)
    both = union_all(select(*columns), decided).subquery("both")
    pair = (
        select(
            both.c.incident_id,
            both.c.contract_id,
            *(func.max(both.c[name]).label(name) for name in WAYS),
        )
        .group_by(both.c.incident_id, both.c.contract_id)
        .subquery("pair")
    )
    link = ContractLink
    statement = select(
        *pair.c,
        link.id.label("link_id"),
        link.level,
        link.by_id,
        _still_confirmed(pair).label("still_confirmed"),
        link.may_hold().label("may_hold"),
        _status(pair).label("status"),
    ).outerjoin(link, and_(link.incident_id == pair.c.incident_id, link.contract_id == pair.c.contract_id))
    return statement.execution_options(**visible(ContractLink, user).get_execution_options())


def _decided(user: User, incidents: Select[Any] | None, contracts: Select[Any] | None) -> Select[Any]:
    happened = (visible(Incident, user) if incidents is None else incidents).where(
        Incident.full_to(user), Incident.state != REJECTED
    )
    papers = (visible(Contract, user) if contracts is None else contracts).where(
        Contract.state != REJECTED, Contract.base_id == Contract.id
    )
    seen = happened.order_by(None).with_only_columns(Incident.id, maintain_column_froms=True)
    read_too = papers.order_by(None).with_only_columns(Contract.id, maintain_column_froms=True)
    pairs: Any = select(ContractLink.incident_id, ContractLink.contract_id, *(literal(0) for _way in WAYS))
    found: Select[Any] = pairs.where(ContractLink.incident_id.in_(seen), ContractLink.contract_id.in_(read_too))
    return found


def _status(pair: Subquery) -> ColumnElement[str]:
    link = ContractLink
    follows = case({rank: kind for kind, rank in RANKS.items()}, value=pair.c.rank, else_="")
    is_at_the_place = pair.c.by_place == 1
    stood = func.coalesce(link.followed, "")
    return case(
        (and_(link.id.is_(None), pair.c.rank == RANKS[TERM_UNKNOWN]), NO_TERM),
        (link.id.is_(None), UNDECIDED),
        (and_(link.state == PROPOSED, link.second_by_id.is_not(None)), SENT_BACK),
        (link.state == PROPOSED, WAITING),
        (~link.may_hold(), CHANGED),
        # What was discarded stays so unless more follows than before.
        (and_(link.level == L0, or_(pair.c.rank == 0, follows == stood)), DISCARDED),
        (follows != stood, CHANGED),
        (or_(and_(link.level == L1, is_at_the_place), and_(link.level == L2, ~is_at_the_place)), CHANGED),
        else_=DECIDED,
    )


def _still_confirmed(pair: Subquery) -> ColumnElement[int]:
    """1 where a proposal waits over what one person had confirmed, and that still follows; see `Standing.confirmed`."""
    follows = case({rank: kind for kind, rank in RANKS.items()}, value=pair.c.rank, else_="")
    level = case((pair.c.by_place == 1, L2), else_=L1)
    link = ContractLink
    return case((and_(link.confirmed_level == level, link.confirmed_followed == follows), 1), else_=0)


def standing_found(user: User, wish: StandingWish) -> Select[Any]:
    """Of all contracts that fit, whatever their status; what the list shows is narrowed with `of_status`."""
    papers = visible(Contract, user)
    if wish.company:
        companies = organisations_found(user, wish.company).with_only_columns(Organisation.id).order_by(None)
        papers = papers.where(Contract.company_id.in_(companies))
    if wish.project:
        projects = projects_found(user, wish.project).with_only_columns(Project.id).order_by(None)
        papers = papers.where(Contract.project_links.any(ContractProject.project_id.in_(projects)))
    bases = papers.with_only_columns(Contract.base_id).correlate(None)
    is_narrowed = wish.company or wish.project
    return standing(user, contracts=visible(Contract, user).where(Contract.id.in_(bases)) if is_narrowed else None)


def of_status(statement: Select[Any], status: str) -> Select[Any]:
    """The rows of one status, the last incident first."""
    rows = statement.subquery("standing")
    return (
        select(rows)
        .join(Incident, Incident.id == rows.c.incident_id)
        .where(rows.c.status == status)
        .order_by(Incident.happened_from.desc().nulls_last(), rows.c.incident_id.desc(), rows.c.contract_id)
        .execution_options(**statement.get_execution_options())
    )


def in_order(statement: Select[Any]) -> Select[Any]:
    """Decided first, then what is surest; the last incident first."""
    rows = statement.subquery("standing")
    place = case({status: number for number, status in enumerate(ORDER_ON_A_PAGE)}, value=rows.c.status)
    return (
        select(rows)
        .join(Incident, Incident.id == rows.c.incident_id)
        .order_by(
            case((rows.c.status == DISCARDED, 1), else_=0),
            rows.c.rank.desc(),
            place,
            Incident.happened_from.desc().nulls_last(),
            rows.c.incident_id.desc(),
            rows.c.contract_id,
        )
        .execution_options(**statement.get_execution_options())
    )


def counted(statement: Select[Any]) -> Mapping[str, int]:
    """Status → how many, in one statement."""
    rows = statement.subquery("standing")
    numbers = select(rows.c.status, func.count()).group_by(rows.c.status)
    found = db.session.execute(numbers.execution_options(**statement.get_execution_options()))
    return {status: number for status, number in found}


def by_certainty(statement: Select[Any]) -> Mapping[str, int]:
    """CERTAIN, POSSIBLE, UNKNOWN, or "" where nothing follows → how many, without what was discarded."""
    rows = statement.subquery("standing")
    numbers = select(rows.c.rank, func.count()).where(rows.c.status != DISCARDED).group_by(rows.c.rank)
    found = db.session.execute(numbers.execution_options(**statement.get_execution_options()))
    kinds = {rank: kind for kind, rank in RANKS.items()}
    return {kinds.get(rank, ""): number for rank, number in found}


def waiting_for_a_second(user: User) -> Select[Any]:
    """Proposals that the user may confirm or send back: of teams that they coordinate, made by others."""
    return (
        visible(ContractLink, user)
        .join(ContractLink.incident)
        .join(ContractLink.contract)
        .where(
            ContractLink.state == PROPOSED,
            ContractLink.second_by_id.is_(None),
            or_(ContractLink.by_id.is_(None), ContractLink.by_id != user.id),
            in_teams_where(Incident.team_id, user, COORDINATOR),
            Incident.full_to(user),
            Incident.withdrawn_at.is_(None),
            Incident.state != REJECTED,
            Contract.withdrawn_at.is_(None),
            Contract.state != REJECTED,
        )
    )


# --- with what is shown of each ------------------------------------------------------------------


def loaded(user: User, rows: Iterable[Any]) -> list[Standing]:
    """Rows of `standing` with their records, in a fixed number of statements."""
    rows = list(rows)
    if not rows:
        return []
    incidents = _by_id(_for_links(for_list(visible(Incident, user))), Incident, {row.incident_id for row in rows})
    contracts = _by_id(
        visible(Contract, user).options(joinedload(Contract.company), selectinload(Contract.spans)),
        Contract,
        {row.contract_id for row in rows},
    )
    links = _by_id(
        visible(ContractLink, user).options(
            joinedload(ContractLink.by),
            joinedload(ContractLink.second_by),
            joinedload(ContractLink.confirmed_by),
            joinedload(ContractLink.source),
            joinedload(ContractLink.evidence_file),
        ),
        ContractLink,
        {row.link_id for row in rows if row.link_id},
    )
    guarded = _projects_of(user, contracts)
    return [
        Standing(
            incident := incidents[row.incident_id],
            contracts[row.contract_id],
            read(row) if row.rank else None,
            links.get(row.link_id),
            row.status,
            [project for project in incident.projects if project.id in guarded.get(row.contract_id, {})],
            _zones(incident, guarded.get(row.contract_id, {})) if row.by_zone else [],
        )
        for row in rows
        if row.incident_id in incidents and row.contract_id in contracts
    ]


def _for_links(statement: Select[Any]) -> Select[Any]:
    return statement.options(selectinload(Incident.project_links).joinedload(IncidentProject.project))


def _by_id(statement: Select[Any], model: Any, numbers: set[int]) -> dict[int, Any]:
    if not numbers:
        return {}
    return {row.id: row for row in db.session.scalars(statement.where(model.id.in_(numbers))).unique()}


Guarded = dict[int, tuple[str, set[int]]]
"""Project → its name and its districts."""


def _projects_of(user: User, contracts: Iterable[int]) -> dict[int, Guarded]:
    """Agreement → the projects of all its papers."""
    rows = (
        visible(Contract, user)
        .join(ContractProject, ContractProject.contract_id == Contract.id)
        .join(Project, Project.id == ContractProject.project_id)
        .outerjoin(ProjectPlace, ProjectPlace.project_id == Project.id)
        .where(Contract.base_id.in_(list(contracts)))
        .order_by(Project.name, Project.id)
        .with_only_columns(Contract.base_id, Project.id, Project.name, ProjectPlace.place_id)
    )
    found: dict[int, Guarded] = {}
    for base_id, project_id, name, place_id in db.session.execute(rows):
        _name, districts = found.setdefault(base_id or 0, {}).setdefault(project_id, (name, set()))
        districts.add(place_id)
    return found


def _zones(incident: Incident, guarded: Guarded) -> list[str]:
    place = incident.place
    lies_in = {place.id, place.province_id, place.department_id} - {None} if place is not None else set()
    return [name for name, districts in guarded.values() if districts & lies_in]


def of_incident(user: User, incident: Incident) -> list[Standing]:
    """All contracts that matter for an incident, the surest first; nothing for who does not read it in full."""
    this = visible(Incident, user).where(Incident.id == incident.id)
    return loaded(user, db.session.execute(in_order(standing(user, incidents=this))))


def of_contract(user: User, contract: Contract) -> Select[Any]:
    """The rows of an agreement, whichever of its papers is given."""
    return standing(user, contracts=visible(Contract, user).where(Contract.id == contract.base_id))


def of_pair(user: User, incident: Incident, contract: Contract) -> Standing:
    """As the two stand to one another now, also where nothing follows and nobody has decided anything."""
    return of_pairs(user, [incident], contract)[0]


def of_pairs(user: User, incidents: Iterable[Incident], contract: Contract) -> list[Standing]:
    """The same of several incidents, in their order and in a fixed number of statements."""
    incidents = list(incidents)
    statement = standing(
        user,
        incidents=visible(Incident, user).where(Incident.id.in_([incident.id for incident in incidents])),
        contracts=visible(Contract, user).where(Contract.id == contract.base_id),
    )
    found = {one.incident.id: one for one in loaded(user, db.session.execute(statement))}
    return [found.get(one.id) or Standing(one, contract, None, None, UNDECIDED) for one in incidents]


def links_that_hold(user: User) -> list[ContractLink]:
    """What was decided and may be told as such: L3 and L4 only while their evidence stands; L0 too, for who must know
    what was discarded."""
    confirmed = visible(ContractLink, user).where(ContractLink.state == CONFIRMED, ContractLink.may_hold())
    return list(db.session.scalars(confirmed.order_by(ContractLink.id)))


# --- those of a case -----------------------------------------------------------------------------


def agreements_in(user: User, case_: Case) -> Select[Any]:
    """Agreements that bear on incidents of a case: by a project in common while they were in force, or confirmed."""
    of_case = visible(Incident, user).where(Incident.case_id == case_.id)
    rows = standing(user, incidents=of_case).subquery("standing")
    by_project = and_(rows.c.rank > RANKS[TERM_UNKNOWN], rows.c.by_project == 1, rows.c.status != DISCARDED)
    by_two = and_(rows.c.level.in_(WITH_EVIDENCE), rows.c.may_hold, rows.c.status == CHANGED)
    by_one = or_(rows.c.status == DECIDED, rows.c.still_confirmed == 1)
    bearing = select(rows.c.contract_id).where(or_(by_project, by_two, by_one))
    return (
        visible(Contract, user)
        .where(Contract.id.in_(bearing))
        .options(joinedload(Contract.company), selectinload(Contract.spans))
        .order_by(Contract.id)
    )


def papers_in(user: User, case_: Case) -> Select[Any]:
    """The papers of these agreements, and those for which an entry of the case's timeline stands."""
    bases = agreements_in(user, case_).order_by(None).with_only_columns(Contract.id)
    stood_for = visible(TimelineEntry, user).where(TimelineEntry.case_id == case_.id)
    numbers = stood_for.with_only_columns(TimelineEntry.uid)
    return (
        visible(Contract, user)
        .where(or_(Contract.base_id.in_(bases.correlate(None)), Contract.entry_uid.in_(numbers)))
        .where(Contract.state != REJECTED)
        .options(joinedload(Contract.company), joinedload(Contract.base))
        .order_by(Contract.id)
    )


def entries_told_by_contracts(user: User, case_: Case) -> Select[Any]:
    """Numbers of the timeline's entries for which a contract stands."""
    return papers_in(user, case_).order_by(None).with_only_columns(Contract.entry_uid)
