"""`demo`: make the demonstration where it is not there yet, and serve it."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask_babel import gettext as _

from app import commands
from app.accounts.cli import prepare
from app.accounts.operations import first_administrator_is_missing
from app.db import db


@click.command("demo")
@commands.host_and_port
def demo_command(host: str, port: int) -> None:
    """Start Amparo with demonstration data from public reports."""
    from app.demonstration.operations import ACCOUNTS, PASSWORD, load_demonstration

    commands.check_port(host, port)
    prepare(commands.DEMO)
    if first_administrator_is_missing():
        click.echo(_("Loading the demonstration data …"))
        load_demonstration()
        db.session.commit()
    db.session.rollback()
    click.echo("\n" + _("Amparo, demonstration: %(address)s", address=f"http://{host}:{port}/") + "\n")
    for account in ACCOUNTS:
        click.echo(f"  {account.email:<30} {PASSWORD}")
    click.echo("\n" + _("Stop with Ctrl+C."))
    commands.serve(current_app._get_current_object(), host, port)  # type: ignore[attr-defined]


def init_app(app: Flask) -> None:
    app.cli.add_command(demo_command)
