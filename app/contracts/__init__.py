"""Police–company contracts: the register, what was in force when, and how it bears on incidents."""

from flask import Flask

from app.contracts import links, models
from app.contracts.blueprint import bp


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)


__all__ = ["links", "models"]
