"""The UPR pack: what leaves for Geneva, and what stays."""

from flask import Flask

from app.upr import models


def init_app(app: Flask) -> None:
    """Nothing to bring in yet."""


__all__ = ["models"]
