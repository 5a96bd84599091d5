"""`import incidents` and its like: a sheet from the command line."""

from __future__ import annotations

import contextlib
import os
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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
from app.db import ReasonMissing, db, fold, refresh_statistics, transactions
from app.imports.doubles import note_that_names_are_compared
from app.imports.field_forms import field_form
from app.imports.field_media import MediaProblem, received_media
from app.imports.intake import PERMISSION, FileProblem, Target, TargetProblem, find_target, planned, team_named
from app.imports.kinds import KINDS, PLAIN, RecordKind
from app.imports.maps import MapProblem, map_for, shipped_maps
from app.imports.matching import answers_of
from app.imports.models import ImportBatch
from app.imports.operations import take_in
from app.imports.planning import Decisions, Plan
from app.imports.queries import batch_of
from app.imports.reading import Row
from app.imports.report import report_header, report_lines
from app.imports.saved_maps import map_saved_as, saved_maps_of
from app.imports.undoing import CannotUndo, undo_import
from app.imports.words import done_words, map_words, verdict_words
from app.merging import checked_reason
from app.tabular import BYTE_ORDER_MARK, csv_lines

NOT_IMPORTED, WRONG_CALL = 1, 2

imports = AppGroup("import", help="Take in sheets.")


@imports.command("template")
@click.option("--kind", default=PLAIN, show_default=True, help="What the sheet will hold.")
@click.option("--out", type=click.Path(path_type=Path), help="File to write; else it is shown.")
def template_command(kind: str, out: Path | None) -> None:
    """Write a CSV with all the headings that an import knows."""
    if kind not in KINDS:
        with _in_its_language():
            known = ", ".join(KINDS)
            _end(
                WRONG_CALL,
                _("Nothing of the kind “%(kind)s” is imported. There are: %(known)s.", kind=kind, known=known),
            )
    content = "".join(KINDS[kind].template_lines())
    if out is None:
        click.echo(content.removeprefix(BYTE_ORDER_MARK), nl=False)
        return
    with _in_its_language():
        try:
            with out.open("x", encoding="utf-8", newline="") as file:
                file.write(content)
        except OSError as error:
            _end(WRONG_CALL, _("%(file)s cannot be written (%(why)s).", file=out, why=error.strerror))


@imports.command("maps")
@click.option("--as", "email", help="E-mail of a user: the mappings that he or she sees are listed too.")
def maps_command(email: str | None) -> None:
    """List the maps by the names that --map takes."""
    with transactions(writing=False), _in_its_language():
        for name, one in shipped_maps().items():
            click.echo(f"{name}  {one.title}")
        for saved in db.session.scalars(saved_maps_of(_user(email))) if email else ():
            click.echo(f"{saved.name}  ({saved.kind})")


@imports.command("xlsform")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File to write.")
def xlsform_command(out: Path) -> None:
    """Write the form for KoboToolbox and ODK (an XLSForm)."""
    with _in_its_language():
        content = field_form(current_app.config["SETTINGS"].language)
        try:
            with out.open("xb") as file:
                file.write(content)
        except OSError as error:
            _end(WRONG_CALL, _("%(file)s cannot be written (%(why)s).", file=out, why=error.strerror))


def _in_its_language() -> Any:
    """Of the installation: what a terminal says is read by whoever keeps the machine."""
    return force_locale(current_app.config["SETTINGS"].language)


@dataclass(frozen=True)
class Call:
    """What was asked for on the command line."""

    file: Path
    email: str
    team: str | None
    map_name: str | None
    ignore_unknown: bool
    dry_run: bool
    skip_bad: bool
    rest: Path | None
    report: Path | None = None
    case: str | None = None
    match: tuple[str, ...] = ()
    add: bool = False
    skip_doubtful: bool = False
    media: Path | None = None


OPTIONS = (
    click.argument("file", type=click.Path(path_type=Path)),
    click.option("--as", "email", required=True, help="E-mail of the user who imports."),
    click.option("--team", help="Name of the team; needed by who works in several."),
    click.option(
        "--map", "map_name", help="A map (TOML), or the name of one that comes with Amparo or that the team keeps."
    ),
    click.option("--ignore-unknown", is_flag=True, help="Pass over columns that Amparo does not know."),
    click.option("--dry-run", is_flag=True, help="Say what would happen to each row; write nothing."),
    click.option("--report", type=click.Path(path_type=Path), help="Write the dry run, row by row, into this CSV."),
    click.option("--skip-bad", is_flag=True, help="Import the good rows, and write the others to a file."),
    click.option("--rest", type=click.Path(path_type=Path), help="That file. [default: FILE.rest.csv]"),
)
OF_NAMES = (
    click.option(
        "--match", multiple=True, metavar="NAME=RECORD", help="A name of the sheet means this record. Repeat it."
    ),
    click.option("--add", is_flag=True, help="Add to the team's own records what the sheet says more of them."),
)
OF_A_CASE = (
    click.option("--case", help="Reference of the case that the records belong to."),
    click.option("--skip-doubtful", is_flag=True, help="Leave out rows that may tell what is on record already."),
    click.option("--media", type=click.Path(path_type=Path), help="ZIP of attachments beside an export of a form."),
)


def _add_command(kind: RecordKind) -> None:
    def command(**given: Any) -> None:
        uid = uuid.uuid4()
        with _may_be_stopped(uid):
            _import(kind, Call(**given), uid)

    further = (*(OF_A_CASE if kind.takes_case else ()), *(OF_NAMES if kind.matches_names else ()))
    for option in reversed((*OPTIONS, *further)):
        command = option(command)
    words = f"Import {kind.name} from a CSV or XLSX file: all rows or none."
    imports.command(kind.name, help=words)(command)


@contextlib.contextmanager
def _may_be_stopped(uid: uuid.UUID) -> Iterator[None]:
    """Ctrl-C at whatever moment: what became of the import is asked of the database."""
    try:
        yield
    except KeyboardInterrupt:
        db.session.rollback()
        with transactions(writing=False), _in_its_language():
            if db.session.scalar(select(ImportBatch.id).where(ImportBatch.uid == uid)) is None:
                _end(NOT_IMPORTED, _("Stopped. Nothing was imported."))
            _end(0, _("Stopped when everything was imported already."))


def _import(kind: RecordKind, call: Call, uid: uuid.UUID) -> None:
    with transactions(writing=False), _in_its_language():
        user = _user(call.email)
        with acting(user.id):
            rest = call.rest or call.file.with_name(call.file.name + ".rest.csv")
            if call.skip_bad and rest.exists():
                _end(WRONG_CALL, _("%(file)s is there already. Move it away, or name another with --rest.", file=rest))
            target = _target(user, call.team, call.case)
            content = _content(call.file)
            media = _content(call.media) if call.media else None
            plan = _plan(user, target, kind, call, content, media)
            db.session.rollback()
            if (plan.decisions.compares or call.skip_doubtful) and plan.columns.of("legal_name"):
                note_that_names_are_compared()
    with acting(user.id), _in_its_language():
        if call.report:
            _write_file(call.report, report_header(), report_lines(plan, user.language))
        if call.dry_run:
            _show(plan)
            sys.exit(NOT_IMPORTED if plan.refused and not call.skip_bad else 0)
        if plan.refused and not call.skip_bad:
            _show(plan, refused_only=True)
            _end(NOT_IMPORTED, _("Nothing was imported. Mend these rows, or leave them out with --skip-bad."))
        if plan.refused:
            _write_rest(plan, rest)
        if media is not None:
            for remark in plan.remarks:
                click.echo(remark)
        _write(user, target, plan, content, uid, media)


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


def _decisions(call: Call) -> Decisions:
    pairs = [text.rpartition("=") for text in call.match]
    if any(not (name.strip() and record.strip()) for name, _equals, record in pairs):
        _end(WRONG_CALL, _("Write --match as NAME=RECORD, with the name as the sheet has it."))
    return Decisions(
        answers_of((name, record) for name, _equals, record in pairs),
        call.add,
        call.skip_doubtful,
        compares=call.dry_run or call.report is not None,
    )


def _plan(user: User, target: Target, kind: RecordKind, call: Call, content: bytes, media: bytes | None) -> Plan:
    try:
        found = map_saved_as(user, target.team_id, call.map_name, kind.name) or map_for(call.map_name, kind.name)
        sheet_map = replace(found, ignores_unknown=call.ignore_unknown)
        return planned(user, target.team_id, call.file.name, content, sheet_map, _decisions(call), media)
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
            doubles = row.doubles if not row.problems else []
            words = " ".join([*row.problems, *doubles, *_fields_changed(plan, row), *row.remarks])
            click.echo(_("Row %(row)s: %(verdict)s. %(words)s", row=row.number, verdict=verdict_words(verdict),
                         words=words).strip(), err=refused_only)  # fmt: skip
    if not refused_only:
        click.echo(counted_words(plan))
    if plan.can_add and not refused_only:
        click.echo(
            _("Records of the team that are there already stay as they are; --add adds what the sheet says more.")
        )


def _fields_changed(plan: Plan, row: Row) -> list[str]:
    """Which facts, and not what they say."""
    if row not in plan.changed:
        return []
    change = plan.changes[row.external_id]
    taken = [one.label for one in change.differences if not one.by_hand] + change.added_words
    kept = [one.label for one in change.differences if one.by_hand]
    said = [_("Taken over: %(fields)s.", fields=", ".join(taken))] if taken else []
    return said + ([_("Changed by somebody since, and stays: %(fields)s.", fields=", ".join(kept))] if kept else [])


def counted_words(plan: Plan) -> str:
    known, refused = len(plan.known), len(plan.refused)
    changing = ngettext("%(num)s would change.", "%(num)s would change.", len(plan.to_correct))
    adding = ngettext("%(num)s adds to a record.", "%(num)s add to a record.", len(plan.adding))
    return " ".join(
        [
            ngettext("%(num)s new row.", "%(num)s new rows.", len(plan.new)),
            *([adding] if plan.adding else []),
            *([changing] if plan.changed else []),
            ngettext("%(num)s was there already.", "%(num)s were there already.", known),
            ngettext("%(num)s cannot be imported.", "%(num)s cannot be imported.", refused),
        ]
    )


def _write(user: User, target: Target, plan: Plan, content: bytes, uid: uuid.UUID, zipped: bytes | None = None) -> None:
    try:
        with received_media(plan, zipped) as media:
            with _progress(len(plan.to_write)) as told:
                batch = take_in(
                    user,
                    target.team_id,
                    plan,
                    content,
                    case=target.case,
                    skip_bad=True,
                    uid=uid,
                    media=media,
                    told=told,
                )
            db.session.commit()
        refresh_statistics()
    except MediaProblem as problem:
        db.session.rollback()
        _end(NOT_IMPORTED, str(problem))
    except IntegrityError:
        db.session.rollback()
        _end(NOT_IMPORTED, _("Nothing was imported: somebody imported the same records at this moment. Try again."))
    click.echo(done_words(plan.kind, batch))
    if batch.rows_known:
        click.echo(ngettext("%(num)s was there already.", "%(num)s were there already.", batch.rows_known))


@contextlib.contextmanager
def _progress(rows: int) -> Iterator[Callable[[int], None]]:
    """How far it is, for who sits before a terminal; a log would only grow by it."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    with click.progressbar(length=rows, file=sys.stderr) as bar:
        yield lambda done: bar.update(done - bar.pos)


def _write_file(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    try:
        # Only if there is none yet, and for nobody else to read: it holds what the sheet held.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        _end(WRONG_CALL, _("%(file)s cannot be written (%(why)s).", file=path, why=error.strerror))
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.writelines(csv_lines(header, rows))


def _write_rest(plan: Plan, rest: Path) -> None:
    _write_file(rest, *plan.rest())
    click.echo(
        ngettext(
            "%(num)s row stays out; it is with its reason in %(file)s.",
            "%(num)s rows stay out; they are with their reasons in %(file)s.",
            len(plan.refused),
            file=rest,
        )
    )


@imports.command("undo")
@click.argument("uid", metavar="IMPORT", type=click.UUID)
@click.option("--as", "email", required=True, help="E-mail of the user who undoes it.")
@click.option("--reason", required=True, help="Why; it stays in the history. Do not write a name.")
def undo_command(uid: uuid.UUID, email: str, reason: str) -> None:
    """Remove what an import brought, while nothing was built on it. IMPORT stands at the end of its page's address."""
    with _in_its_language():
        user = _user(email)
        batch = batch_of(user, uid)
        if batch is None or not may(user, PERMISSION, batch.team_id):
            _end(WRONG_CALL, _("There is no such import, or you may not undo it."))
        try:
            with acting(user.id):
                words = checked_reason(reason, _("Write why the import is undone, in ten letters or more (--reason)."))
                undo_import(user, batch, words)
                db.session.commit()
        except (ReasonMissing, CannotUndo) as problem:
            db.session.rollback()
            _end(NOT_IMPORTED, str(problem))
        except IntegrityError:
            db.session.rollback()
            _end(NOT_IMPORTED, _("Nothing was removed: somebody built on the import at this moment. Try again."))
        refresh_statistics()
        click.echo(_("The import was undone. Nothing of it is on record any more."))


def init_app(app: Flask) -> None:
    for kind in KINDS.values():
        if kind.name not in imports.commands:
            _add_command(kind)
    app.cli.add_command(imports)
