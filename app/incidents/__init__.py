"""Incidents: logging, reviewing, listing, exporting."""

from flask import Flask

from app.incidents import models


def init_app(app: Flask) -> None:
    """Nothing to bring in yet."""


__all__ = ["models"]
