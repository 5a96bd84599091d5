"""Places: departments, provinces and districts by UBIGEO."""

from flask import Flask

from app.places import countries, operations, views


def init_app(app: Flask) -> None:
    app.jinja_env.filters["country_words"] = countries.country_words
    app.extensions["packs"].append(operations.load_places)
    app.register_blueprint(views.bp)
