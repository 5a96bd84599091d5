"""`codes load`: bring the code lists into step with the packs."""

from __future__ import annotations

import click
from flask import Flask, current_app

from app.db import db
from app.vocabulary.operations import load_packs


@click.command("codes")
@click.argument("action", type=click.Choice(["load"]))
def codes_command(action: str) -> None:
    """Load or update the code lists from the packs; local edits stay."""
    outcome = load_packs(current_app.config["SETTINGS"].country)
    db.session.commit()
    click.echo(
        f"{outcome.added} added, {outcome.changed} changed, {outcome.kept} kept as edited here, "
        f"{outcome.deactivated} deactivated."
    )


def init_app(app: Flask) -> None:
    app.cli.add_command(codes_command)
