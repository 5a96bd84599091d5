"""`codes load`: bring the code lists into step with the packs."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask_babel import gettext as _

from app.db import db
from app.vocabulary.operations import load_packs


@click.command("codes")
@click.argument("action", type=click.Choice(["load"]))
def codes_command(action: str) -> None:
    """Load or update the code lists from the packs; local edits stay."""
    outcome = load_packs(current_app.config["SETTINGS"].country)
    db.session.commit()
    click.echo(
        _(
            "%(added)s added, %(changed)s changed, %(kept)s kept as edited here, %(off)s deactivated.",
            added=outcome.added,
            changed=outcome.changed,
            kept=outcome.kept,
            off=outcome.deactivated,
        )
    )


def init_app(app: Flask) -> None:
    app.cli.add_command(codes_command)
