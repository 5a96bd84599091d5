"""`run`: the real thing. The first start prints a code that makes the first administrator."""

from __future__ import annotations

import secrets

import click
from flask import Flask, current_app
from flask_babel import gettext as _

from app import commands
from app.accounts.operations import first_administrator_is_missing
from app.db import db, refresh_statistics


def prepare(kind: str) -> None:
    """Mark the data directory, bring schema, code lists and places up to date."""
    commands.mark_directory(kind)
    if not commands.is_current():
        commands.upgrade()
    load_packs_of_rooms()
    db.session.commit()
    refresh_statistics()


def load_packs_of_rooms() -> None:
    """Code lists, places and what else rooms bring along for the country of the installation."""
    country = current_app.config["SETTINGS"].country
    for load in current_app.extensions["packs"]:
        load(country)


@click.command("run")
@commands.host_and_port
def run_command(host: str, port: int) -> None:
    """Start Amparo for real work."""
    commands.check_port(host, port)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    prepare(commands.REAL)
    click.echo(f"Amparo: http://{host}:{port}/")
    if first_administrator_is_missing():
        code = "-".join(secrets.token_hex(2).upper() for _part in range(3))
        app.extensions["set_up_code"] = code
        click.echo(
            _("First visit: open the address and make the first administrator with this code: %(code)s", code=code)
        )
    db.session.rollback()
    commands.serve(app, host, port)


def init_app(app: Flask) -> None:
    app.cli.add_command(run_command)
