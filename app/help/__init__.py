"""Help: the handbook of docs/, in both languages, inside the app."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Nothing to bring in yet."""
