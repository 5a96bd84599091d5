"""Evidence: the sources of what is recorded."""

from flask import Flask

from app.evidence import models


def init_app(app: Flask) -> None:
    """Nothing to bring in yet."""


__all__ = ["models"]
