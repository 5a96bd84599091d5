"""`reminders send`, for a daily timer."""

from __future__ import annotations

import smtplib

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _
from flask_babel import ngettext

from app.dates import today
from app.db import db
from app.deadlines.reminders import Reminder, mail_server, message_of, reminders_due

reminders = AppGroup("reminders", help="Remind people of days that are near.")


@reminders.command("send")
@click.option("--dry-run", is_flag=True, help="Say to how many it would be sent, and send nothing.")
def send_command(dry_run: bool) -> None:
    """Write to those who asked for it, at most once a day. The mail says how many days are near, and no more."""
    settings = current_app.config["SETTINGS"]
    if not settings.can_mail:
        raise click.ClickException(_("Set AMPARO_SMTP_HOST and AMPARO_MAIL_FROM first."))
    due = list(reminders_due())
    if dry_run:
        click.echo(ngettext("%(num)s reminder would be sent.", "%(num)s reminders would be sent.", len(due)))
        return
    try:
        failed = _send(due) if due else 0
    except OSError as error:
        raise click.ClickException(
            _("The mail server did not answer as it should: %(reason)s", reason=_reason(error))
        ) from None
    sent = len(due) - failed
    click.echo(ngettext("%(num)s reminder was sent.", "%(num)s reminders were sent.", sent))
    if failed:
        raise click.ClickException(
            ngettext("%(num)s was refused by the mail server.", "%(num)s were refused by the mail server.", failed)
        )


def _send(due: list[Reminder]) -> int:
    """Each is noted as soon as it is out: a server that fails halfway lets nobody be written to twice."""
    settings = current_app.config["SETTINGS"]
    failed = 0
    with mail_server(settings) as server:
        for reminder in due:
            try:
                server.send_message(message_of(reminder, settings.mail_from))
            except smtplib.SMTPRecipientsRefused:
                failed += 1
                continue
            reminder.settings.reminded_on = today()
            db.session.commit()
    return failed


def _reason(error: OSError) -> str:
    """What kind of failure it was. The words of the server may repeat an address, so they stay out of logs."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    return type(error).__name__
