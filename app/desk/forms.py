"""What narrows the review queue."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import SelectField

from app.access import COORDINATOR, teams_where
from app.accounts.models import Membership, Team, User
from app.db import db
from app.desk.queries import URGENCY, WAIT, QueueWish


class QueueForm(FlaskForm):
    """Team, author and order; each may be left."""

    class Meta:
        csrf = False

    team = SelectField(_l("Team"))
    author = SelectField(_l("Recorded by"))
    order = SelectField(_l("Order"), default=URGENCY)

    def __init__(self, user: User, arguments: MultiDict[str, str]) -> None:
        super().__init__(formdata=arguments)
        teams = teams_where(user, COORDINATOR)
        self.team.choices = [("", _("All"))] + [
            (team.handle, team.name) for team in db.session.scalars(select(Team).where(Team.id.in_(teams)))
        ]
        members = select(Membership.user_id).where(Membership.team_id.in_(teams))
        people = db.session.execute(select(User.handle, User.name).where(User.id.in_(members)).order_by(User.name))
        self.author.choices = [("", _("Everybody")), *(tuple(person) for person in people)]
        self.order.choices = [(URGENCY, _("Urgency, then waiting time")), (WAIT, _("Waiting time"))]
        for field in (self.team, self.author):
            field.data = field.data or ""
        self.order.data = self.order.data or URGENCY

    def wish(self) -> QueueWish:
        return QueueWish(self.team.data, self.author.data, self.order.data)
