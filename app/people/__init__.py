"""People: pseudonyms, identities apart, and what each one allows."""

from flask import Flask

from app.people import models


def init_app(app: Flask) -> None:
    """Nothing to bring in yet."""


__all__ = ["models"]
