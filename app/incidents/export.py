"""The list of incidents as CSV and as a workbook: same filters, same rows, each with what its reader may read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from flask import Response
from flask_babel import gettext as _
from sqlalchemy import Select, select

from app.accounts.models import User
from app.dates import today
from app.db import db, set_writing
from app.fields import REDUCED, Field
from app.incidents.models import Act, Incident
from app.incidents.persons import NOT_ASKED
from app.incidents.queries import Wish, incidents_found
from app.incidents.reading import INCIDENT_COLUMNS, OWN_NAMES, Line, lines_of, position_of
from app.tabular import csv_response, xlsx_response
from app.vocabulary.queries import label

CSV, XLSX = "csv", "xlsx"

ACCESS_COLUMN = "read_as"
"""Says of each row whether it was read in full: an empty cell of a reduced row is not a missing fact."""

PUBLIC = frozenset({"title_es", "title_en", "summary_es", "summary_en"})
"""Open to whoever sees the row once two people have said that the incident is public."""


def file_name(form: str) -> str:
    return f"amparo-incidents-{today().isoformat()}.{form}"


def download(user: User, form: str, wish: Wish) -> Response:
    """CSV streams, a workbook is made before it is sent. The audit entry is committed already."""
    header = [name for field in INCIDENT_COLUMNS for name in _headings(field)]
    response = xlsx_response if form == XLSX else csv_response
    return response(file_name(form), [ACCESS_COLUMN, *header], _lines(user.id, wish))


def persons_in(user: User, wish: Wish) -> Select[Any]:
    """The ids of all whom the file tells of."""
    incidents = incidents_found(user, wish).with_only_columns(Incident.id).order_by(None)
    return select(Act.person_id).where(Act.incident_id.in_(incidents))


def _headings(field: Field) -> list[str]:
    return [field.name, f"{field.name}_label"] if field.code_list else [field.name]


def _lines(user_id: int, wish: Wish) -> Iterator[Sequence[Any]]:
    # The lines are drawn after the view has ended and its session with it: this session knows nobody yet.
    set_writing(False)
    user = db.session.get_one(User, user_id)
    in_full = _Cells(lambda field: True)
    reduced = _Cells(lambda field: field.confidentiality == REDUCED)
    public = _Cells(lambda field: field.confidentiality == REDUCED or field.name in PUBLIC)
    for line in lines_of(incidents_found(user, wish), user):
        if line.facts.in_full:
            yield ("full", *in_full.of(line))
        else:
            yield ("reduced", *(reduced if line.facts.public_approved_at is None else public).of(line))


class _Cells:
    """The cells of a line in the order of the headings, for one kind of reader.

    Most fields are columns of the incident: these are picked in one go, since a file has a hundred thousand of them.
    """

    def __init__(self, is_open: Callable[[Field], bool]) -> None:
        names, sources = [_SEEN], []
        self._labelled: list[tuple[_Labels, Callable[[Any], Any]]] = []
        self._read: list[tuple[Callable[[Line], Any], _Labels | None]] = []
        for field in INCIDENT_COLUMNS:
            headings = _headings(field)
            if not is_open(field):
                sources += [("own", 0)] * len(headings)
            elif field.name in OWN_NAMES and field.kind not in ("codes", "yes_no"):
                names.append(field.name)
                sources.append(("own", len(names) - 1))
                if field.code_list:
                    self._labelled.append((_Labels(field.code_list), itemgetter(position_of(field.name))))
                    sources.append(("label", len(self._labelled) - 1))
            else:
                self._read.append((field.read, _Labels(field.code_list) if field.code_list else None))
                sources += [("read", 2 * len(self._read) - 2 + number) for number in range(len(headings))]
        self._own = itemgetter(*(position_of(name) for name in names))
        begins = {"own": 0, "label": len(names), "read": len(names) + len(self._labelled)}
        self._arrange = itemgetter(*(begins[kind] + number for kind, number in sources))

    def of(self, line: Line) -> Sequence[Any]:
        facts = line.facts
        cells = [*self._own(facts), *[labels[code(facts)] for labels, code in self._labelled]]
        for read, labels in self._read:
            value = read(line)
            cells.append(value)
            codes = [value] if isinstance(value, str) else value
            cells.append("|".join([labels[code] for code in codes]) if labels is not None and codes else None)
        cells[0] = None  # what this reader may not read
        arranged: Sequence[Any] = self._arrange(cells)
        return arranged


_SEEN = "id"


class _Labels(dict[Any, str]):
    """Labels of a list in the language of the reader, each looked up once."""

    def __init__(self, code_list: str) -> None:
        super().__init__({None: "", "": "", NOT_ASKED: _("Not asked yet")})
        self._code_list = code_list

    def __missing__(self, code: str) -> str:
        self[code] = label(self._code_list, code)
        return self[code]


def described(arguments: Mapping[str, str]) -> dict[str, str]:
    """The filters as the audit trail keeps them. What was typed may be a name: only that it was typed stays."""
    return {name: "(text)" if name in ("q", "about") else value for name, value in arguments.items()}
