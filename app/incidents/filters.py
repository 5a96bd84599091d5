"""The filters of the incident list: read from the address into a wish, and shown as chips."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, SearchField, SelectField, StringField, ValidationError
from wtforms.validators import Length

from app.accounts.models import User
from app.cases.forms import read_day
from app.dates import UncertainDate
from app.db import alpha2, db, fold, folded_words
from app.incidents import queries
from app.incidents.queries import NEWEST, OTHERS, Wish
from app.incidents.workflow import STATES
from app.places.countries import country_words
from app.places.models import DEPARTMENT, Place
from app.vocabulary.queries import choices, entries, label

Choices = list[tuple[str, str]]

GAP_WORDS = {
    queries.NO_PLACE: _l("Without a place"),
    queries.UNDATED: _l("Without a date"),
    queries.ONE_SOURCE: _l("One source or none"),
    queries.NO_PERPETRATOR: _l("Without an alleged perpetrator"),
}
ORDER_WORDS = {
    queries.NEWEST: _l("Newest first"),
    queries.OLDEST: _l("Oldest first"),
    queries.UPDATED: _l("Last changed first"),
    queries.URGENT_FIRST: _l("Most urgent first"),
}


def _has_words(form: Any, field: Any) -> None:
    if (field.data or "").strip() and not folded_words(field.data):
        raise ValidationError(_("Write at least one letter or number."))


class WishForm(FlaskForm):
    """Every field may be empty. A value that no choice knows is an error, not an empty list."""

    class Meta:
        csrf = False

    q = SearchField(_l("Text"), [Length(max=200), _has_words])
    type = SelectField(_l("Type"))
    perpetrator = SelectField(_l("Alleged perpetrator"))
    state = SelectField(_l("Verification"))
    from_ = StringField(_l("From"), [Length(max=10)], name="from")
    to = StringField(_l("To"), [Length(max=10)])
    place = SelectField(_l("Department"))
    country = SelectField(_l("Country"))
    about = StringField(_l("Company or project"), [Length(max=200)])
    urgency = SelectField(_l("Urgency"))
    impunity = SelectField(_l("Impunity"))
    team = SelectField(_l("Team"))
    gap = SelectField(_l("What is missing"))
    order = SelectField(_l("Order"), default=NEWEST)
    mine = BooleanField(_l("Only mine: recorded by me or assigned to me"))
    case = HiddenField(_l("Case"), [Length(max=11)])
    brought = HiddenField(_l("Import"), [Length(max=64)])
    withdrawn = HiddenField(_l("Withdrawn"), [Length(max=3)])

    def __init__(self, user: User, arguments: MultiDict[str, str]) -> None:
        super().__init__(formdata=arguments)
        self.type.choices = _types()
        self.perpetrator.choices = _any(choices("perpetrator_types", keep=self.perpetrator.data))
        self.state.choices = _any([(code, label("verification_statuses", code)) for code in STATES])
        self.place.choices = _any(_places(self.place.data))
        self.country.choices = _any(_countries(user, self.country.data))
        self.urgency.choices = _any(choices("urgency_levels", keep=self.urgency.data))
        self.impunity.choices = _any(choices("impunity_grades", keep=self.impunity.data))
        self.team.choices = _any(_teams(user))
        self.gap.choices = _any(list(GAP_WORDS.items()))
        self.order.choices = list(ORDER_WORDS.items())
        for field in self:
            if isinstance(field, SelectField):
                field.data = field.data or ""
        self.order.data = self.order.data or NEWEST

    def validate_from_(self, field: StringField) -> None:
        _read_day(field.data)

    def validate_to(self, field: StringField) -> None:
        last, first = _read_day(field.data).latest, _quietly_read(self.from_.data).earliest
        if first and last and last < first:
            raise ValidationError(_("The period ends before it begins."))

    def wish(self) -> Wish:
        return Wish(
            text=(self.q.data or "").strip(),
            types=(self.type.data,) if self.type.data else (),
            perpetrator=self.perpetrator.data,
            states=(self.state.data,) if self.state.data else (),
            first_day=_quietly_read(self.from_.data).earliest,
            last_day=_quietly_read(self.to.data).latest,
            place=self.place.data,
            country=self.country.data,
            about=(self.about.data or "").strip(),
            urgency=self.urgency.data,
            impunity=self.impunity.data,
            case=(self.case.data or "").strip().upper(),
            team=self.team.data,
            mine=self.mine.data,
            gap=self.gap.data,
            brought=(self.brought.data or "").strip(),
            withdrawn=self.withdrawn.data == "yes",
            order=self.order.data,
        )

    def arguments(self) -> dict[str, str]:
        """The filters in use, as an address carries them."""
        found = {
            field.name: "yes" if field.data is True else (field.data or "").strip() for field in self if field.data
        }
        if found.get("order") == NEWEST:
            del found["order"]
        return {name: value for name, value in found.items() if value}

    def chips(self, address: Callable[..., str]) -> list[Chip]:
        """The filters in use, each with the address of the list without it."""
        used = self.arguments()
        return [
            Chip(field.label.text, _value_words(field), address(**{k: v for k, v in used.items() if k != field.name}))
            for field in self
            if field.name in used and field.name != "order"
        ]


@dataclass(frozen=True)
class Chip:
    label: str
    value: str
    url: str


def _value_words(field: Any) -> str:
    if isinstance(field, SelectField):
        return next((words for value, words in _flat(field.choices) if value == field.data), field.data)
    if isinstance(field, BooleanField) or field.name == "withdrawn":
        return _("yes")
    if field.name == "brought":
        return _("one file")
    return str(field.data)


def _flat(options: Any) -> Choices:
    return [pair for group in options.values() for pair in group] if isinstance(options, dict) else options


def _read_day(text: str | None) -> UncertainDate:
    """As the forms take it, 28/5/2012, and as addresses carry it, 2012-05-28."""
    try:
        return read_day(text)
    except ValidationError as problem:
        if getattr(problem.__cause__, "reason", None) == "too_early":
            raise ValidationError(_("Write a year after 1900.")) from problem
        raise ValidationError(_("Write a year, a month or a day: 2012, 2012-05 or 2012-05-28.")) from problem


def _quietly_read(text: str | None) -> UncertainDate:
    try:
        return read_day(text)
    except ValidationError:
        return UncertainDate()


# --- what may be chosen --------------------------------------------------------------------------


def _any(options: Choices) -> Choices:
    return [("", _("All")), *options]


def _types() -> dict[str, Choices]:
    """Each group with «all of it» and its types; also those no longer in use, for old records have them."""
    known = entries("incident_types")
    grouped: dict[str, Choices] = {_("All types"): [("", _("All"))]}
    for entry in known.values():
        parent = known.get(entry.parent or "")
        if parent is None and not entry.selectable:
            grouped[entry.label] = [(entry.code, _("%(group)s: all", group=entry.label))]
        else:
            grouped.setdefault(parent.label if parent else entry.label, []).append((entry.code, entry.label))
    return grouped


def _places(chosen: str | None) -> Choices:
    """The departments, and a smaller place when the address asks for one."""
    statement = select(Place).where(Place.level == DEPARTMENT).order_by(Place.name_folded)
    found = [(place.key, place.name) for place in db.session.scalars(statement)]
    if chosen and chosen not in dict(found):
        smaller = db.session.scalar(select(Place).where(Place.key == chosen))
        found += [(smaller.key, smaller.full_name)] if smaller else []
    return found


def _countries(user: User, chosen: str | None) -> Choices:
    codes = {*queries.countries_of(user), *([chosen] if chosen and alpha2(chosen) == chosen else [])}
    return sorted(((code, country_words(code)) for code in codes), key=lambda pair: fold(pair[1]))


def _teams(user: User) -> Choices:
    own = {membership.team.handle: membership.team.name for membership in user.memberships}
    return [*own.items(), (OTHERS, _("Shared by other teams"))]
