"""Reminders by e-mail: how many days are near, and nothing of what stands behind them."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import User
from app.agenda import DueWish, due_days
from app.dates import today
from app.db import db
from app.deadlines.models import ReminderSettings
from app.deadlines.queries import REMINDED, count_words_of
from config import Settings

SECONDS = 30


@dataclass(frozen=True)
class Reminder:
    """To one user; *late* days have passed with nothing done, *ahead* lie within the next week."""

    settings: ReminderSettings
    late: int
    ahead: int


def reminders_due() -> Iterator[Reminder]:
    """For those who asked for e-mail, have days that press and were not written to today."""
    statement = (
        select(ReminderSettings)
        .join(User, User.id == ReminderSettings.user_id)
        .where(ReminderSettings.by_email, User.active)
        .order_by(ReminderSettings.id)
    )
    for settings in db.session.scalars(statement).all():
        if settings.reminded_on == today():
            continue
        late, ahead = count_words_of(due_days(settings.user, DueWish(last=today() + REMINDED)))
        if late or ahead:
            yield Reminder(settings, late, ahead)


def message_of(reminder: Reminder, sender: str) -> EmailMessage:
    """In the user's language. It names no record, no place and no address: mail is read on the way."""
    user = reminder.settings.user
    message = EmailMessage()
    with force_locale(user.language):
        lines = [
            ngettext("%(num)s date in the next 7 days.", "%(num)s dates in the next 7 days.", reminder.ahead)
            if reminder.ahead
            else "",
            ngettext(
                "%(num)s date has passed and nothing is noted.",
                "%(num)s dates have passed and nothing is noted.",
                reminder.late,
            )
            if reminder.late
            else "",
            _("Sign in to Amparo to see them."),
        ]
        message["Subject"] = _("Reminder")
        message.set_content("\n".join(filter(None, lines)) + "\n")
    message["From"], message["To"] = sender, user.email
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip("> "))
    return message


@contextmanager
def mail_server(settings: Settings) -> Iterator[smtplib.SMTP]:
    """Raises OSError and smtplib.SMTPException, which is one."""
    context = ssl.create_default_context()
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.smtp_host, settings.smtp_port, timeout=SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=SECONDS)
    with server:
        if settings.smtp_security == "starttls":
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        yield server
