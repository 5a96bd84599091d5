"""The demonstration: public events as cases with believable states of review, and accounts to try them with."""

from flask import Flask

from app.demonstration import cli


def init_app(app: Flask) -> None:
    cli.init_app(app)
