"""The timeline: a case in order, from what all rooms know."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Nothing to bring in yet."""
