"""Places: departments, provinces and districts by UBIGEO."""

from flask import Flask

from app.places import operations


def init_app(app: Flask) -> None:
    app.extensions["packs"].append(operations.load_places)
