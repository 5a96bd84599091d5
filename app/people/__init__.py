"""People: pseudonyms, identities apart, and what each one allows."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import web
from app.downloads import on_taken
from app.people import (
    consent_views,
    export_views,
    exports,
    identity_views,
    merge_views,
    models,
    record_views,
    tie_views,
    views,
)
from app.people.allowed import allowed
from app.people.blueprint import bp
from app.people.open_names import shown_name


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.register_blueprint(export_views.bp)
    on_taken(app, exports.keep_record)
    app.jinja_env.globals.update(allowed_of=allowed, shown_name=shown_name)
    web.add_place(app, web.Place("people.index", _l("People"), "people", "records.read", order=30))
    web.add_place(app, web.Place("exports.index", _l("Exports"), "box-arrow-up", "records.review", order=75, group=1))
    web.add_panel(app, "case", "people", views.case_panel, order=20)
    web.add_panel(app, "case next", "consent", views.next_panel, order=30)
    web.add_panel(app, "case tags", "consent", views.consent_tag, order=20)
    web.add_panel(app, "add to case", "person", views.add_panel, order=30)


__all__ = [
    "consent_views",
    "export_views",
    "identity_views",
    "merge_views",
    "models",
    "record_views",
    "tie_views",
    "views",
]
