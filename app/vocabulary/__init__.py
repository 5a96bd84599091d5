"""Code lists: the words of the field, in two languages, from packs."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.vocabulary import cli, operations, queries, views
from app.web import Place, add_place


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    add_place(app, Place("vocabulary.index", _l("Code lists"), "tags", "codes.manage", 10, on_tabs=True))
    app.jinja_env.globals["label"] = queries.label
    app.jinja_env.globals["code_entry"] = queries.entry
    app.extensions["packs"].append(operations.load_packs)
    cli.init_app(app)
