"""The desk: what waits for me, and the review queue."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Nothing to bring in yet."""
