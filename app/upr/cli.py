"""`upr`: make a UPR pack from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from app.access import may
from app.accounts.models import User
from app.audit import acting
from app.dates import today
from app.db import db, fold
from app.upr.filters import BadFilters, Problem, read_filters
from app.upr.operations import record_pack
from app.upr.pack import Built, PackFailed, build, is_free, or_nothing, put_into
from app.upr.words import warning_words

FAILED, BAD_INPUT, EMPTY = 1, 2, 4


@click.command("upr")
@click.option("--country", help="ISO code such as PE or PER; default: the country of the installation.")
@click.option("--from", "from_", help="First day, YYYY-MM-DD; default: the day after the last deadline.")
@click.option("--to", help="Last day, YYYY-MM-DD; default: today.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to make; must not hold anything.")
@click.option("--as", "as_", required=True, metavar="EMAIL", help="The coordinator who takes the pack.")
@click.option("--lang", help="es or en; default: the language of that person.")
@click.option("--delimiter", help="Between the cells of a row: , or ;")
@click.option("--no-bom", is_flag=True, help="Leave out the byte order mark that Excel needs.")
@click.option("--fail-on-empty", is_flag=True, help="End with status 4 when no row leaves.")
def upr_command(out: Path, as_: str, from_: str | None, no_bom: bool, fail_on_empty: bool, **wishes: Any) -> None:
    """Make a UPR pack: incidents.csv, codebook, schema, manifest and hashes. Nothing leaves without consent."""
    given = {**wishes, "from": from_, "bom": "0" if no_bom else "1"}
    with force_locale(current_app.config["SETTINGS"].language):
        user = _coordinator(as_)
    with force_locale(current_app.config["SETTINGS"].language), acting(user.id):
        try:
            built = _made(user, given, out)
        except BadFilters as bad:
            _refuse(bad.problems)
        except PackFailed:
            words = _("The pack could not be made, and nothing was written. The log says where it went wrong.")
            click.echo(words, err=True)
            raise click.exceptions.Exit(FAILED) from None
        _tell(built, out)
    if fail_on_empty and not built.survey.rows:
        raise click.exceptions.Exit(EMPTY)


def _made(user: User, given: dict[str, str | None], out: Path) -> Built:
    """Raises BadFilters or PackFailed; then nothing was written."""
    country = current_app.config["SETTINGS"].country
    problems: list[Problem] = []
    try:
        filters = read_filters(given, country=country, language=user.language, today=today())
    except BadFilters as bad:
        problems += bad.problems
    if not is_free(out):
        words = _("%(folder)s is not empty; name a folder that does not exist yet.", folder=out)
        problems.append(Problem("out", "not_empty", words))
    if problems:
        raise BadFilters(problems)
    with or_nothing():
        built = build(user, filters)
        with put_into(out, built):
            record_pack(user, built)
            db.session.commit()
    return built


def _coordinator(email: str) -> User:
    user = db.session.scalars(select(User).where(User.email_folded == fold(email))).one_or_none()
    if user is None or not user.active:
        _refuse([Problem("as", "unknown_account", _("There is no active account “%(email)s”.", email=email))])
    elif not may(user, "upr.export"):
        _refuse([Problem("as", "not_coordinator", _("Only a coordinator can take a UPR pack."))])
    assert user is not None
    return user


def _refuse(problems: list[Problem]) -> None:
    for problem in problems:
        click.echo(f"--{problem.field}: {problem.message}", err=True)
    raise click.exceptions.Exit(BAD_INPUT)


def _tell(built: Built, out: Path) -> None:
    counts = built.manifest["counts"]
    click.echo(
        _(
            "%(name)s: %(exported)s of %(matched)s records leave, %(generalised)s of them say little. In %(folder)s.",
            name=built.name,
            folder=out,
            exported=counts["exported"],
            matched=counts["matched"],
            generalised=counts["generalised"],
        )
    )
    for warning in built.manifest["warnings"]:
        rows = " ".join(named.reference for named in built.survey.noticed.get(warning, []))
        click.echo(f"{warning_words(warning)} {rows}".rstrip(), err=True)


def init_app(app: Flask) -> None:
    app.cli.add_command(upr_command)
