"""Imports: sheets become incidents, all rows or none."""

from flask import Flask

from app.imports import models


def init_app(app: Flask) -> None:
    """Nothing to bring in yet."""


__all__ = ["models"]
