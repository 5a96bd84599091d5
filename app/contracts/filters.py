"""The filters of the register: read from the address into a wish."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length

from app.contracts.queries import NEWEST, ORDERS, ContractWish
from app.contracts.workflow import MOVES
from app.db import db
from app.people.days import WhenField
from app.places.models import DEPARTMENT, Place
from app.vocabulary.offered import OneOrNone, offered
from app.vocabulary.queries import choices, label

STATES = ("SUBMITTED", *dict.fromkeys(move.target for move in MOVES.values() if move.target != "SUBMITTED"))


class WishForm(FlaskForm):
    """Every field may be empty; what cannot be read narrows nothing and says so."""

    class Meta:
        csrf = False

    text = StringField(_l("Title, number, company or reference"), [Length(max=200)])
    company = StringField(_l("Company"), [Length(max=200)])
    project = StringField(_l("Project"), [Length(max=200)])
    unit = OneOrNone(_l("Police unit"))
    region = OneOrNone(_l("Department"))
    status = OneOrNone(_l("Status"))
    on = WhenField(_l("In force on"))
    obtained = OneOrNone(_l("How it was obtained"))
    state = OneOrNone(_l("Review"))
    addenda = BooleanField(_l("Each addendum in a line of its own"))
    withdrawn = BooleanField(_l("Withdrawn ones"))
    order = SelectField(_l("Order"), default=NEWEST, validate_choice=False)

    def __init__(self, arguments: MultiDict[str, str]) -> None:
        super().__init__(formdata=arguments)
        lists = {"unit": "police_units", "status": "contract_status", "obtained": "contract_obtained"}
        for name, list_name in lists.items():
            self[name].choices = _or_all(choices(list_name, keep=self[name].data))
        self.region.choices = _or_all(_departments())
        self.state.choices = _or_all([(code, label("verification_statuses", code)) for code in STATES])
        self.order.choices = []

    def wish(self) -> ContractWish:
        def given(name: str) -> Any:
            return "" if self[name].errors else (self[name].data or "")

        return ContractWish(
            **{name: given(name).strip() for name in ("text", "company", "project")},
            **{name: given(name) for name in ("unit", "region", "status", "obtained", "state")},
            on=self.on.given if not self.on.errors and (self.on.given.earliest or self.on.given.latest) else None,
            addenda=bool(self.addenda.data),
            withdrawn=bool(self.withdrawn.data),
            order=self.order.data if self.order.data in ORDERS else NEWEST,
        )


def _or_all(pairs: list[tuple[str, str]]) -> Any:
    return offered([("", _("All")), *pairs])


def _departments() -> list[tuple[str, str]]:
    statement = select(Place.key, Place.name).where(Place.level == DEPARTMENT).order_by(Place.name_folded)
    return [(key, name) for key, name in db.session.execute(statement)]
