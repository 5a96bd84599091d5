"""The list of incidents as CSV: the same filters give the same rows, each with the columns its reader may read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response, stream_with_context

from app.accounts.models import User
from app.dates import today
from app.db import db, set_writing
from app.fields import REDUCED, Field
from app.incidents.models import Incident
from app.incidents.queries import Wish, for_page, incidents_found
from app.incidents.reading import INCIDENT_COLUMNS
from app.tabular import csv_response
from app.vocabulary.queries import label

ROWS_AT_A_TIME = 200
ACCESS_COLUMN = "read_as"
"""Says of each row whether it was read in full: an empty cell of a reduced row is not a missing fact."""

PUBLIC = frozenset({"title_es", "title_en", "summary_es", "summary_en"})
"""Open to whoever sees the row once two people have said that the incident is public."""


def csv_of(user: User, wish: Wish) -> Response:
    """A download that streams. The audit entry is committed already."""
    header = [name for field in INCIDENT_COLUMNS for name in _headings(field)]
    name = f"amparo-incidents-{today().isoformat()}.csv"
    response = csv_response(name, [ACCESS_COLUMN, *header], _lines(user.id, wish))
    response.response = stream_with_context(iter(response.iter_encoded()))
    return response


def _headings(field: Field) -> list[str]:
    return [field.name, f"{field.name}_label"] if field.code_list else [field.name]


def _lines(user_id: int, wish: Wish) -> Iterator[list[Any]]:
    # The lines are drawn after the view has ended and its session with it: this session knows nobody yet.
    set_writing(False)
    user = db.session.get_one(User, user_id)
    statement = for_page(incidents_found(user, wish)).add_columns(Incident.full_to(user).label("in_full"))
    found = db.session.execute(statement.execution_options(yield_per=ROWS_AT_A_TIME))
    for incident, in_full in found:
        yield [("full" if in_full else "reduced"), *_cells(incident, bool(in_full))]


def _cells(incident: Incident, in_full: bool) -> Iterator[Any]:
    for field in INCIDENT_COLUMNS:
        is_open = in_full or field.confidentiality == REDUCED or (incident.is_already_public and field.name in PUBLIC)
        value = field.read(incident) if is_open and field.read else None
        yield value
        if field.code_list:
            codes = value if isinstance(value, list) else [value] if value else []
            yield "|".join(label(field.code_list, code) for code in codes)


def described(arguments: Mapping[str, str]) -> dict[str, str]:
    """The filters as the audit trail keeps them. What was typed may be a name: only that it was typed stays."""
    return {name: "(text)" if name in ("q", "about") else value for name, value in arguments.items()}
