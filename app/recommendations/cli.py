"""`recommendations import`: a file from the command line; without --write it only says what would become of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.access import may
from app.accounts.models import User
from app.audit import acting
from app.db import alpha2, db, fold
from app.recommendations.import_words import counted_words, done_words, fact_words, value_words
from app.recommendations.intake import Plan, planned, take_in
from app.recommendations.telling import FileProblem
from app.recommendations.views import MANAGE

NOT_IMPORTED, WRONG_CALL = 1, 2

recommendations = AppGroup("recommendations", help="Recommendations of the Universal Periodic Review.")


@recommendations.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "email", required=True, metavar="EMAIL", help="The coordinator who imports it.")
@click.option("--country", help="ISO code of the State under review; default: that of the installation.")
@click.option("--session", type=click.IntRange(1, 99), help="Session of OHCHR's list, where it does not say it.")
@click.option("--write", is_flag=True, help="Write it; else it is only told what would become of it.")
def import_command(file: Path, email: str, country: str | None, session: int | None, write: bool) -> None:
    """Take in UPR Info's CSV, the workbook of the Universal Human Rights Index, or OHCHR's Word list."""
    settings = current_app.config["SETTINGS"]
    with force_locale(settings.language):
        user = _coordinator(email)
        code = alpha2(country) if country else settings.country
        if code is None:
            _end(WRONG_CALL, _("%(country)s is no country (--country).", country=country))
        with acting(user.id):
            try:
                plan = planned(file.name, file.read_bytes(), code, session)
            except OSError as error:
                _end(WRONG_CALL, _("%(file)s cannot be read (%(why)s).", file=file, why=error.strerror))
            except FileProblem as problem:
                _end(NOT_IMPORTED, str(problem))
            _show(plan)
            if write and plan.does_something:
                _write(user, plan)


def _coordinator(email: str) -> User:
    """One answer for unknown, ended and not entitled: the command line is no place to try out addresses."""
    user = db.session.scalar(select(User).where(User.email_folded == fold(email)))
    if user is None or not user.active or not may(user, MANAGE):
        _end(WRONG_CALL, _("There is no user %(email)s who may import (--as).", email=email))
    return user


def _show(plan: Plan) -> None:
    for told in plan.new:
        where = told.paragraph or "–"
        click.echo(_("Row %(row)s: new. %(paragraph)s %(text)s", row=told.row, paragraph=where, text=told.text[:100]))
    for change in plan.changes:
        for one in change.differences:
            words = _("stays as it was written here") if one.by_hand else value_words(one.name, one.after)[:100]
            click.echo(f"{change.recommendation.rec_uid}: {fact_words(one.name)}: {words}")
    for row, why in plan.telling.refused:
        click.echo(_("Row %(row)s cannot be read. %(why)s", row=row, why=why), err=True)
    for sentence in counted_words(plan):
        click.echo(sentence)


def _write(user: User, plan: Plan) -> None:
    try:
        done = take_in(user, plan)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        _end(NOT_IMPORTED, _("Nothing was imported: somebody imported the same records at this moment. Try again."))
    click.echo(done_words(done))


def _end(code: int, sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(code)


def init_app(app: Flask) -> None:
    app.cli.add_command(recommendations)
