"""The list of incidents as a file: same filters, same rows, each with what its reader may read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from app.accounts.models import User
from app.cases.queries import REFERENCE
from app.dates import today
from app.downloads import Table, name_kind
from app.fields import REDUCED, Field
from app.incidents.filters import GAP_WORDS, ORDER_WORDS
from app.incidents.models import Act, Incident
from app.incidents.persons import NOT_ASKED
from app.incidents.queries import Wish, incidents_found
from app.incidents.reading import INCIDENT_COLUMNS, OWN_NAMES, Line, lines_of, position_of
from app.vocabulary.queries import label

INCIDENTS = "incidents"

ACCESS_COLUMN = "read_as"
"""Says of each row whether it was read in full: an empty cell of a reduced row is not a missing fact."""

PUBLIC = frozenset({"title_es", "title_en", "summary_es", "summary_en"})
"""Open to whoever sees the row once two people have said that the incident is public."""


def table_of(user: User, wish: Wish, filters: Mapping[str, str]) -> Table:
    return Table(
        kind=INCIDENTS,
        name=f"amparo-incidents-{today().isoformat()}",
        page="incidents.index",
        header=[ACCESS_COLUMN, *(name for field in INCIDENT_COLUMNS for name in _headings(field))],
        lines=lambda: _lines(user, wish),
        filters=_described(filters),
        persons=_persons_in(user, wish),
        period=(wish.first_day, wish.last_day),
    )


def _persons_in(user: User, wish: Wish) -> Select[Any]:
    """The ids of all whom the file tells of."""
    incidents = incidents_found(user, wish).with_only_columns(Incident.id).order_by(None)
    return select(Act.person_id).where(Act.incident_id.in_(incidents))


def _headings(field: Field) -> list[str]:
    return [field.name, f"{field.name}_label"] if field.code_list else [field.name]


def _lines(user: User, wish: Wish) -> Iterator[Sequence[Any]]:
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
            if labels is None or not value:
                cells.append(None)
            else:
                cells.append(labels[value] if isinstance(value, str) else [labels[code] for code in value])
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


def _described(arguments: Mapping[str, str]) -> dict[str, str]:
    """The filters as they are kept. What was typed may be a name: only that it was typed stays."""
    return {name: value if _may_be_kept(name, value) else "(text)" for name, value in arguments.items()}


def _may_be_kept(name: str, value: str) -> bool:
    """The form lets only known codes and days pass, but in these fields an address may bring anything."""
    if name == "case":
        return REFERENCE.fullmatch(value) is not None
    return name not in ("q", "about", "brought")


name_kind(
    INCIDENTS,
    _l("List of incidents"),
    q=(_l("Text"), None),
    type=(_l("Type"), "incident_types"),
    perpetrator=(_l("Alleged perpetrator"), "perpetrator_types"),
    state=(_l("Verification"), "verification_statuses"),
    **{"from": (_l("From"), None)},
    to=(_l("To"), None),
    place=(_l("Department"), None),
    country=(_l("Country"), None),
    about=(_l("Company or project"), None),
    urgency=(_l("Urgency"), "urgency_levels"),
    impunity=(_l("Impunity"), "impunity_grades"),
    team=(_l("Team"), None),
    gap=(_l("What is missing"), GAP_WORDS),
    order=(_l("Order"), ORDER_WORDS),
    mine=(_l("Only mine: recorded by me or assigned to me"), None),
    case=(_l("Case"), None),
    brought=(_l("Import"), None),
    withdrawn=(_l("Withdrawn"), None),
)
