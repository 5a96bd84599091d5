"""`import incidents`: a sheet from the command line."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.access import may
from app.accounts.models import User
from app.audit import acting
from app.db import db, fold, refresh_statistics, transactions
from app.imports.fields import template_lines
from app.imports.intake import PERMISSION, FileProblem, Target, TargetProblem, find_target, planned, team_named
from app.imports.maps import NO_MAP, MapProblem, find_map
from app.imports.operations import take_in
from app.imports.planning import Plan
from app.imports.words import map_words, verdict_words
from app.tabular import BYTE_ORDER_MARK, csv_lines

NOT_IMPORTED, WRONG_CALL = 1, 2

imports = AppGroup("import", help="Take in sheets.")


@imports.command("template")
@click.option("--out", type=click.Path(path_type=Path), help="File to write; else it is shown.")
def template_command(out: Path | None) -> None:
    """Write a CSV with all the headings that an import knows."""
    content = "".join(template_lines())
    if out is None:
        click.echo(content.removeprefix(BYTE_ORDER_MARK), nl=False)
        return
    with _in_its_language():
        try:
            with out.open("x", encoding="utf-8", newline="") as file:
                file.write(content)
        except OSError as error:
            _end(WRONG_CALL, _("%(file)s cannot be written (%(why)s).", file=out, why=error.strerror))


def _in_its_language() -> Any:
    """Of the installation: what a terminal says is read by whoever keeps the machine."""
    return force_locale(current_app.config["SETTINGS"].language)


@imports.command("incidents")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "email", required=True, help="E-mail of the user who imports.")
@click.option("--team", help="Name of the team; needed by who works in several.")
@click.option("--case", help="Reference of the case that the incidents belong to.")
@click.option("--map", "map_name", help="A map (TOML), or the name of one that comes with Amparo.")
@click.option("--ignore-unknown", is_flag=True, help="Pass over columns that Amparo does not know.")
@click.option("--dry-run", is_flag=True, help="Say what would happen to each row; write nothing.")
@click.option("--skip-bad", is_flag=True, help="Import the good rows, and write the others to a file.")
@click.option("--rest", type=click.Path(path_type=Path), help="That file. [default: FILE.rest.csv]")
def incidents_command(
    file: Path, email: str, team: str | None, case: str | None, map_name: str | None, ignore_unknown: bool,
    dry_run: bool, skip_bad: bool, rest: Path | None,
) -> None:  # fmt: skip
    """Import incidents from a CSV or XLSX file: one row, one incident; all rows or none."""
    with transactions(writing=False), _in_its_language():
        user = _user(email)
        with acting(user.id):
            rest = rest or file.with_name(file.name + ".rest.csv")
            if skip_bad and rest.exists():
                _end(WRONG_CALL, _("%(file)s is there already. Move it away, or name another with --rest.", file=rest))
            target = _target(user, team, case)
            content = _content(file)
            plan = _plan(user, target, file, content, map_name, ignore_unknown)
            db.session.rollback()
    with acting(user.id), _in_its_language():
        if dry_run:
            _show(plan)
            sys.exit(NOT_IMPORTED if plan.refused and not skip_bad else 0)
        if plan.refused and not skip_bad:
            _show(plan, refused_only=True)
            _end(NOT_IMPORTED, _("Nothing was imported. Mend these rows, or leave them out with --skip-bad."))
        if plan.refused:
            _write_rest(plan, rest)
        _write(user, target, plan, content)


def _end(code: int, sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(code)


def _user(email: str) -> User:
    """One answer for unknown, ended and not entitled: the command line is no place to try out addresses."""
    user = db.session.scalar(select(User).where(User.email_folded == fold(email)))
    if user is None or not user.active or not may(user, PERMISSION):
        _end(WRONG_CALL, _("There is no user %(email)s who may import (--as).", email=email))
    return user


def _target(user: User, team: str | None, case: str | None) -> Target:
    try:
        return find_target(user, team_named(user, team) if team else None, case)
    except TargetProblem as problem:
        _end(WRONG_CALL, str(problem))


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        _end(WRONG_CALL, _("%(file)s cannot be read (%(why)s).", file=file, why=error.strerror))


def _plan(user: User, target: Target, file: Path, content: bytes, map_name: str | None, ignore_unknown: bool) -> Plan:
    try:
        sheet_map = replace(find_map(map_name) if map_name else NO_MAP, ignores_unknown=ignore_unknown)
        return planned(user, target.team_id, file.name, content, sheet_map)
    except MapProblem as problem:
        _end(NOT_IMPORTED, map_words(problem))
    except FileProblem as problem:
        _end(NOT_IMPORTED, str(problem))


def _show(plan: Plan, *, refused_only: bool = False) -> None:
    """One line a row: number, verdict, reason. Titles are not shown: a terminal keeps what it printed."""
    for remark in plan.remarks if not refused_only else ():
        click.echo(remark)
    for row, verdict in plan.report():
        if row.problems or not refused_only:
            words = " ".join([*row.problems, *row.remarks])
            click.echo(_("Row %(row)s: %(verdict)s. %(words)s", row=row.number, verdict=verdict_words(verdict),
                         words=words).strip(), err=refused_only)  # fmt: skip
    if not refused_only:
        click.echo(counted_words(len(plan.new), len(plan.known), len(plan.refused)))


def counted_words(new: int, known: int, refused: int) -> str:
    return " ".join(
        [
            ngettext("%(num)s new row.", "%(num)s new rows.", new),
            ngettext("%(num)s was there already.", "%(num)s were there already.", known),
            ngettext("%(num)s cannot be imported.", "%(num)s cannot be imported.", refused),
        ]
    )


def _write(user: User, target: Target, plan: Plan, content: bytes) -> None:
    try:
        batch = take_in(user, target.team_id, plan, content, case=target.case, skip_bad=True)
        db.session.commit()
        refresh_statistics()
    except IntegrityError:
        db.session.rollback()
        _end(NOT_IMPORTED, _("Nothing was imported: somebody imported the same records at this moment. Try again."))
    click.echo(ngettext("%(num)s incident imported.", "%(num)s incidents imported.", batch.rows_added))
    if batch.rows_known:
        click.echo(ngettext("%(num)s was there already.", "%(num)s were there already.", batch.rows_known))


def _write_rest(plan: Plan, rest: Path) -> None:
    header, rows = plan.rest()
    try:
        # Only if there is none yet, and for nobody else to read: it holds what the sheet held.
        descriptor = os.open(rest, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        _end(WRONG_CALL, _("%(file)s cannot be written (%(why)s).", file=rest, why=error.strerror))
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.writelines(csv_lines(header, rows))
    click.echo(
        ngettext(
            "%(num)s row stays out; it is with its reason in %(file)s.",
            "%(num)s rows stay out; they are with their reasons in %(file)s.",
            len(plan.refused),
            file=rest,
        )
    )


def init_app(app: Flask) -> None:
    app.cli.add_command(imports)
