"""Cases: the stories, their members and their timeline entries."""

from flask import Flask

from app.cases import models


def init_app(app: Flask) -> None:
    """Nothing to bring in yet."""


__all__ = ["models"]
