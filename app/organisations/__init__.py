"""Organisations: companies, units, courts, communities and projects, with their aliases."""

from flask import Flask

from app.organisations import models


def init_app(app: Flask) -> None:
    """Nothing to bring in yet."""


__all__ = ["models"]
