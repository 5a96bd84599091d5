"""The desk: what waits for me, and the review queue."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.desk import views
from app.desk.blueprint import bp
from app.web import Place, add_place


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    add_place(app, Place("desk.index", _l("My work"), "house-door", "records.read", 0, on_tabs=True))
    add_place(
        app,
        Place("desk.review", _l("Review"), "inbox", "records.review", 50, views.queue_length, group=1, on_tabs=True),
    )
