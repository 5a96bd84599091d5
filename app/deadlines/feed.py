"""A calendar feed for one's own programme (RFC 5545): public references and one word, nothing else.

What a calendar programme fetches lies on servers of others. So an entry says on which day, of which record, and
“deadline”: no title, no name, no place, no hour, no kind.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _
from icalendar import Calendar, Event
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.operations import digest_of
from app.agenda import MINE, TEAM, Due, DueWish, due_days
from app.dates import today
from app.db import db, now
from app.deadlines.models import ReminderSettings
from app.deadlines.queries import settings_of

PAST = timedelta(days=31)
AHEAD = timedelta(days=5 * 366)


def make_feed(user: User, whose: str) -> str:
    """A new secret for the address of the feed; the one before it opens nothing any more. Returns the secret."""
    found = wanted_settings(user)
    token = secrets.token_urlsafe(32)
    found.feed_digest, found.feed_made_at = digest_of(token), now()
    found.feed_whose = TEAM if whose == TEAM else MINE
    return token


def end_feed(user: User) -> None:
    if found := settings_of(user):
        found.feed_digest = found.feed_made_at = None


def wanted_settings(user: User) -> ReminderSettings:
    found = settings_of(user)
    if found is None:
        found = ReminderSettings(user_id=user.id)
        db.session.add(found)
    return found


def feed_of(token: str) -> ReminderSettings | None:
    """Whose feed it is; None for an address that was never made or has ended, and for who no longer works here."""
    found = db.session.scalar(select(ReminderSettings).where(ReminderSettings.feed_digest == digest_of(token)))
    return found if found is not None and found.user.active else None


def calendar_of(settings: ReminderSettings) -> bytes:
    wish = DueWish(today() - PAST, today() + AHEAD, settings.feed_whose, False)
    calendar = Calendar()
    calendar.add("prodid", "-//Amparo//deadlines//")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    word = _("Deadline")
    calendar.add("x-wr-calname", word)
    stamp = now().replace(microsecond=0)
    for due in due_days(settings.user, wish):
        event = Event()
        event.add("uid", _opaque(due))
        event.add("dtstamp", stamp)
        event.add("dtstart", due.day)
        event.add("dtend", due.day + timedelta(days=1))
        event.add("summary", f"{word} {due.reference}")
        event.add("class", "PRIVATE")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _opaque(due: Due) -> str:
    """The same for the same entry, so that a programme moves it; not the one in addresses."""
    key = current_app.extensions["keyring"].key_for("calendar")
    return f"{hmac.new(key, due.uid.encode(), 'sha256').hexdigest()[:32]}@amparo.invalid"
