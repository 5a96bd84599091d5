"""The history of a person, withdrawing it with a reason, and bringing it back."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template
from flask_babel import gettext as _
from flask_login import current_user

from app.access import allow, reads_in_full, visible_or_404
from app.accounts.models import User
from app.part_pages import add_withdrawal
from app.people import operations, queries
from app.people.blueprint import bp
from app.people.history import history_of
from app.people.models import Person


@bp.get("/<reference>/history")
@allow("records.read")
def history(reference: str) -> Any:
    person = visible_or_404(Person, current_user, reference)
    if not reads_in_full(current_user, person):
        abort(404)
    steps, _more = history_of(person)
    return render_template("people/history.html", person=person, steps=steps)


def _restore(user: User, person: Person) -> None:
    if queries.went_into_another(person):
        abort(409, _("It went into another record. Take that back on the page of the record that stayed."))
    operations.restore_person(user, person)


add_withdrawal(bp, Person, operations.withdraw_person, _restore)
