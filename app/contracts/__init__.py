"""Police–company contracts: the register, what was in force when, and how it bears on incidents."""

from flask import Flask

from app.contracts import links, models


def init_app(app: Flask) -> None:
    """Pages come with the next change."""


__all__ = ["links", "models"]
