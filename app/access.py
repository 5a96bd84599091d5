"""Who may do what, and who sees which rows. Silence means no."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Protocol, TypeVar

from flask import abort
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Engine, Insert, Select, event, false, func, or_, select
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.schema import Table
from sqlalchemy.sql import visitors

from app.db import Base, db

ADMINISTRATOR, AUDITOR = "ADMINISTRATOR", "AUDITOR"
COORDINATOR, CASEWORKER, ANALYST = "COORDINATOR", "CASEWORKER", "ANALYST"
INSTALLATION_ROLES = (ADMINISTRATOR, AUDITOR)
TEAM_ROLES = (COORDINATOR, CASEWORKER, ANALYST)

MAY: Mapping[str, frozenset[str]] = {
    "self": frozenset({ADMINISTRATOR, AUDITOR, COORDINATOR, CASEWORKER, ANALYST}),
    "records.read": frozenset({COORDINATOR, CASEWORKER, ANALYST}),
    "records.write": frozenset({COORDINATOR, CASEWORKER}),
    "records.review": frozenset({COORDINATOR}),
    "records.export": frozenset({COORDINATOR, CASEWORKER, ANALYST}),
    "records.import": frozenset({COORDINATOR, CASEWORKER}),
    "identity.reveal": frozenset({COORDINATOR, CASEWORKER}),
    "people.export": frozenset({COORDINATOR}),
    "people.merge": frozenset({COORDINATOR}),
    "incidents.merge": frozenset({COORDINATOR}),
    "organisations.merge": frozenset({COORDINATOR}),
    "cases.manage": frozenset({COORDINATOR}),
    "recommendations.manage": frozenset({COORDINATOR}),
    "upr.export": frozenset({COORDINATOR}),
    "accounts.manage": frozenset({ADMINISTRATOR}),
    "codes.manage": frozenset({ADMINISTRATOR}),
    "audit.read": frozenset({AUDITOR}),
}
"""Permission → the roles that carry it. The one place where a role is named."""


class Reader(Protocol):
    """The user as access sees one: a number and the roles held, by team."""

    id: int
    installation_role: str | None

    @property
    def roles(self) -> Mapping[int, frozenset[str]]: ...


M = TypeVar("M", bound=Base)


def may(user: Reader, permission: str, team_id: int | None = None) -> bool:
    """Whether one of the user's roles carries the permission: in that team, or in any when none is named."""
    carriers = MAY[permission]
    if user.installation_role in carriers:
        return True
    if team_id is not None:
        return bool(user.roles.get(team_id, frozenset()) & carriers)
    return any(roles & carriers for roles in user.roles.values())


def teams_where(user: Reader, *roles: str) -> list[int]:
    """The teams in which the user holds one of these roles (any role when none is named)."""
    return [team for team, held in user.roles.items() if not roles or held & set(roles)]


def in_teams_where(team_id: Any, user: Reader, *roles: str) -> ColumnElement[bool]:
    """Whether the team that a column names is one in which the user holds one of these roles."""
    teams = teams_where(user, *roles)
    condition: ColumnElement[bool] = team_id.in_(teams) if teams else false()
    return condition


# --- routes --------------------------------------------------------------------------------------

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
PUBLIC = "public"


def allow(permission: str) -> Callable[[Endpoint], Endpoint]:
    """State the permission of a route. A route that states none stops the start."""
    if permission != PUBLIC and permission not in MAY:
        raise KeyError(permission)

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.permission = permission  # type: ignore[attr-defined]
        return endpoint

    return mark


def permission_of(endpoint: Callable[..., Any]) -> str | None:
    return getattr(endpoint, "permission", None)


# --- rows ----------------------------------------------------------------------------------------

ACCESS = "amparo_access"
VISIBLE = "visible"

Rule = Callable[[Any], ColumnElement[bool]]
_visible_rules: dict[type[Base], list[Rule]] = {}
_full_rules: dict[type[Base], list[Rule]] = {}


class UncheckedQuery(RuntimeError):
    """A query touched protected rows without having been built by `visible()`."""


def protected(model: type[M]) -> type[M]:
    """Mark a model whose rows may only be read through `visible()`. It must define `visible_to` and `full_to`."""
    table = model.__table__
    assert isinstance(table, Table)
    _protected_tables.add(table)
    return model


_protected_tables: set[Table] = set()


def protected_tables() -> frozenset[Table]:
    return frozenset(_protected_tables)


def widen(model: type[Base], *, visible_to: Rule, full_to: Rule) -> None:
    """Let a higher room widen who sees the rows of a lower one, as a role in an incident does for a person."""
    _visible_rules.setdefault(model, []).append(visible_to)
    _full_rules.setdefault(model, []).append(full_to)


def wider_visible(model: type[Base], user: Reader) -> list[ColumnElement[bool]]:
    return [rule(user) for rule in _visible_rules.get(model, [])]


def wider_full(model: type[Base], user: Reader) -> list[ColumnElement[bool]]:
    return [rule(user) for rule in _full_rules.get(model, [])]


def visible(model: type[M], user: Reader, *, withdrawn: bool = False) -> Select[tuple[M]]:
    """The rows of a model that the user may see: the beginning of every question."""
    rows: Any = model
    statement: Select[tuple[M]] = select(rows).where(rows.visible_to(user))
    if not withdrawn and hasattr(rows, "withdrawn_at"):
        statement = statement.where(rows.withdrawn_at.is_(None))
    return statement.execution_options(**{ACCESS: VISIBLE})


def unguarded(statement: Any, why: str) -> Any:
    """Let one statement pass without a user: upkeep of the database, never an answer to a person."""
    if not why:
        raise ValueError("say why")
    return statement.execution_options(**{ACCESS: why})


def any_of(rules: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    """`or_` that means no when there is nothing to choose from."""
    return or_(false(), *rules)


def count(statement: Select[Any]) -> int:
    """How many rows a select gives; keeps its access mark, which a hand-made subquery would lose."""
    inner = _ids_of(statement).order_by(None).subquery()
    outer = select(func.count()).select_from(inner).execution_options(**statement.get_execution_options())
    return db.session.scalar(outer) or 0


def _ids_of(statement: Select[Any]) -> Select[Any]:
    """The same rows by their numbers alone: an index can answer that without opening the records."""
    model = statement.column_descriptions[0]["entity"]
    return statement.with_only_columns(model.id, maintain_column_froms=True)


Load = Callable[[Select[Any]], Select[Any]]
"""Adds to a select what is read with its rows: what a page shows, in a fixed number of statements."""


def rows_of(statement: Select[Any], first: int, number: int, load: Load) -> list[Any]:
    """*number* rows of a select after the *first*, in its order, loaded with what *load* adds.

    First which ones, then these: sorting and skipping go over numbers, not over whole records.
    """
    ids = list(db.session.scalars(_ids_of(statement).limit(number).offset(first)))
    if not ids:
        return []
    model = statement.column_descriptions[0]["entity"]
    found = load(statement.order_by(None).where(model.id.in_(ids)))
    rows = {row.id: row for row in db.session.scalars(found).unique()}
    return [rows[number] for number in ids if number in rows]


def find_visible(
    model: type[M], user: Reader, reference: str, *, withdrawn: bool = True, load: Load | None = None
) -> M | None:
    statement = visible(model, user, withdrawn=withdrawn).where(model.reference == reference)  # type: ignore[attr-defined]
    found: Any = db.session.scalars(load(statement) if load else statement).unique().one_or_none()
    return found


def visible_or_404(model: type[M], user: Reader, reference: str, *, load: Load | None = None) -> M:
    """404, not 403: a refusal would confirm that the record exists."""
    return find_visible(model, user, reference, load=load) or abort(404)


def full_ids(model: type[Base], user: Reader, rows: Collection[Any]) -> set[int]:
    """Of these rows, the ids that the user reads in full, in one query; the others read without identity."""
    ids = [row.id for row in rows]
    if not ids:
        return set()
    statement = select(model.id).where(model.id.in_(ids), model.full_to(user))  # type: ignore[attr-defined]
    return set(db.session.scalars(statement.execution_options(**{ACCESS: VISIBLE})))


def reads_in_full(user: Reader, row: Any) -> bool:
    return row.id in full_ids(type(row), user, [row])


def full_or_404(
    model: type[M], user: Reader, reference: str, permission: str = "records.write", *, load: Load | None = None
) -> M:
    """A row that the user reads in full and may act on in its team; 403 for one that is seen but not open."""
    row = visible_or_404(model, user, reference, load=load)
    if not reads_in_full(user, row) or not may(user, permission, row.team_id):  # type: ignore[attr-defined]
        abort(403)
    return row


def writable_or_404(
    model: type[M], user: Reader, reference: str, permission: str = "records.write", *, load: Load | None = None
) -> M:
    """The same to write to: what was withdrawn is restored first (409)."""
    row = full_or_404(model, user, reference, permission, load=load)
    if row.withdrawn_at is not None:  # type: ignore[attr-defined]
        abort(409, _("The record was withdrawn. Restore it first."))
    return row


# --- the guard -----------------------------------------------------------------------------------

WITHIN = {"within": True}
"""`info` of a relationship that may be followed from a visible row: what hangs on it, or what it hangs on."""


@event.listens_for(Session, "do_orm_execute")
def _let_loads_of_visible_rows_through(state: ORMExecuteState) -> None:
    if state.is_column_load:
        state.update_execution_options(**{ACCESS: "refresh of a row already seen"})
    elif state.is_relationship_load:
        path = state.loader_strategy_path
        relation = path.prop if path is not None and hasattr(path, "prop") else None
        if relation is not None and relation.info.get("within"):
            state.update_execution_options(**{ACCESS: "hangs on a row already seen"})


@event.listens_for(Session, "before_flush")
def _flush_begins(session: Session, context: Any, instances: Any) -> None:
    session.connection().info["flushing"] = True


@event.listens_for(Session, "after_flush_postexec")
def _flush_ends(session: Session, context: Any) -> None:
    session.connection().info.pop("flushing", None)


@event.listens_for(Engine, "rollback")
def _flush_failed(connection: Any) -> None:
    if not connection.invalidated:  # broken off by hand, it is gone with all that was noted on it
        connection.info.pop("flushing", None)


@event.listens_for(Engine, "before_execute")
def _refuse_unchecked(connection: Any, statement: Any, multi: Any, params: Any, options: Mapping[str, Any]) -> None:
    if options.get(ACCESS) or connection.info.get("flushing"):
        return
    if isinstance(statement, Insert) and statement.select is None:
        return
    for element in _tables_in(statement):
        if element in _protected_tables:
            raise UncheckedQuery(f"{element.name}: build the query with visible(), or say why in unguarded()")


def _tables_in(statement: Any) -> Iterable[Table]:
    if not hasattr(statement, "get_children"):
        return
    for element in visitors.iterate(statement):
        if isinstance(element, Table):
            yield element
