"""Incidents: logging, reviewing, listing, exporting."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.incidents import (
    beside,
    beside_views,
    followers,
    logging_views,
    models,
    queries,
    review_views,
    unsaved_views,
    views,
)
from app.incidents.blueprint import bp
from app.web import Place, add_place


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    add_place(app, Place("incidents.index", _l("Incidents"), "journal-text", "records.read", 10, on_tabs=True))
    app.jinja_env.filters.update(counted_words=queries.counted_words, known=queries.known)


__all__ = ["beside", "beside_views", "followers", "logging_views", "models", "review_views", "unsaved_views", "views"]
