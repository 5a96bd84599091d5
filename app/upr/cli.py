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
from app.upr.filters import BadFilters, Given, Problem, read_filters
from app.upr.operations import record_pack
from app.upr.pack import Built, PackFailed, build, is_free, or_nothing, put_into
from app.upr.queries import last_cover
from app.upr.words import warning_words

FAILED, BAD_INPUT, EMPTY = 1, 2, 4


@click.command("upr")
@click.option("--country", help="ISO code such as PE or PER; default: the country of the installation.")
@click.option("--session", help="Number of the session of the review; gives the period.")
@click.option("--from", "from_", help="First day, YYYY-MM-DD; default: the day after the last deadline.")
@click.option("--to", help="Last day, YYYY-MM-DD; default: today.")
@click.option("--date-basis", help="event (default) or recorded: which day has to lie in the period.")
@click.option("--include-undated", is_flag=True, help="With incidents without a date.")
@click.option("--verification", help="Least verification: verified, corroborated (default), single_source, unverified.")
@click.option("--consent", help="Least consent: anonymised_public (default) or named_public.")
@click.option("--types", multiple=True, help="Type of incident; may be given more than once.")
@click.option("--perpetrators", multiple=True, help="Alleged perpetrator; may be given more than once.")
@click.option("--sectors", multiple=True, help="Sector; may be given more than once.")
@click.option("--admin1", multiple=True, help="Region, ISO 3166-2 such as PE-CUS; may be given more than once.")
@click.option(
    "--recs", multiple=True, help="all, or cycles such as 3,4; default: the last two on record, and what was worked on."
)
@click.option("--profile", help="public (default) or internal: days, provinces, numbers of files.")
@click.option("--reason", help="Why it shows more than usual; kept with who took it.")
@click.option("--k", help="A row that is not public already is like so many others; default 3.")
@click.option("--cell-min", help="Smallest cell of a table by group and gender; default 5.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder to make; must not hold anything.")
@click.option("--as", "as_", required=True, metavar="EMAIL", help="The coordinator who takes the pack.")
@click.option("--lang", help="Language of the README, es or en; default: the language of that person.")
@click.option("--delimiter", help="Between the cells of a row: , or ;")
@click.option("--no-bom", is_flag=True, help="Leave out the byte order mark that Excel needs.")
@click.option("--hxl", is_flag=True, help="A row of HXL tags below each header.")
@click.option("--fail-on-empty", is_flag=True, help="End with status 4 when no row leaves.")
def upr_command(
    out: Path,
    as_: str,
    from_: str | None,
    no_bom: bool,
    hxl: bool,
    include_undated: bool,
    fail_on_empty: bool,
    **wishes: Any,
) -> None:
    """Make a UPR pack: tables, annex, codebook, manifest and hashes. Nothing leaves without consent."""
    flags = {"bom": not no_bom, "hxl": hxl, "include_undated": include_undated}
    given = {**wishes, "from": from_, **{name: "1" if flag else "0" for name, flag in flags.items()}}
    with force_locale(current_app.config["SETTINGS"].language):
        user = _coordinator(as_)
    with force_locale(current_app.config["SETTINGS"].language), acting(user.id):
        try:
            with _made(user, given, out) as built:
                _tell(built, out)
                is_empty = not built.survey.rows
        except BadFilters as bad:
            _refuse(bad.problems)
        except PackFailed:
            words = _("The pack could not be made, and nothing was written. The log says where it went wrong.")
            click.echo(words, err=True)
            raise click.exceptions.Exit(FAILED) from None
    if fail_on_empty and is_empty:
        raise click.exceptions.Exit(EMPTY)


def _made(user: User, given: Given, out: Path) -> Built:
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
        built = build(user, filters, last_cover(user))
        try:
            with put_into(out, built):
                record_pack(user, built)
                db.session.commit()
        except BaseException:
            built.close()
            raise
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
        click.echo(f"--{problem.field.replace('_', '-')}: {problem.message}", err=True)
    raise click.exceptions.Exit(BAD_INPUT)


def _tell(built: Built, out: Path) -> None:
    counts = built.manifest["counts"]
    click.echo(
        _(
            "%(name)s: %(exported)s of %(matched)s records leave, %(generalised)s of them say less than is on record. "
            "In %(folder)s.",
            name=built.name,
            folder=out,
            exported=counts["exported"],
            matched=counts["matched"],
            generalised=counts["generalised"],
        )
    )
    for warning in built.manifest["warnings"]:
        noted = built.survey.noticed.get(warning)
        rows = " ".join(noted.references) if noted else ""
        click.echo(f"{warning_words(warning)} {rows}".rstrip(), err=True)


def init_app(app: Flask) -> None:
    app.cli.add_command(upr_command)
