"""Which month of which team: read from the address into a wish."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, StringField, ValidationError
from wtforms.validators import Length

from app.accounts.models import Team
from app.deadlines.queries import month_named
from app.reports.bulletin import BulletinWish
from app.reports.bulletin_queries import Month, last_whole_month
from app.vocabulary.offered import OneOrNone, offered


class BulletinForm(FlaskForm):
    """Every field may be empty: then the first team, the last whole month, no titles."""

    class Meta:
        csrf = False

    team = OneOrNone(_l("Team"))
    month = StringField(_l("Month"), [Length(max=7)], filters=[lambda text: (text or "").strip()])
    titles = BooleanField(_l("With titles as they were written"))

    def __init__(self, arguments: MultiDict[str, str], teams: list[Team]) -> None:
        super().__init__(formdata=arguments)
        self._teams = {team.handle: team for team in teams}
        self.team.choices = offered((team.handle, team.name) for team in teams)
        self.team.data = self.team.data or teams[0].handle
        self.month.data = self.month.data or last_whole_month().name

    def validate_month(self, field: Any) -> None:
        if month_named(field.data) is None:
            raise ValidationError(_("Write the month as year and month, such as 2026-05."))

    def wish(self) -> BulletinWish:
        team = self._teams.get(self.team.data) or next(iter(self._teams.values()))
        named = month_named(self.month.data)
        month = Month(date(*named, 1)) if named else last_whole_month()
        return BulletinWish(team, month, bool(self.titles.data))

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a file has to be asked for with, so that it holds what the page shows."""
        wish = self.wish()
        given = [("team", wish.team.handle), ("month", wish.month.name)]
        return [*given, ("titles", "y")] if wish.with_titles else given
