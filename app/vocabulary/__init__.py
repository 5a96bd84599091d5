"""Code lists: the words of the field, in two languages, from packs."""

from flask import Flask

from app.vocabulary import cli, operations, queries


def init_app(app: Flask) -> None:
    app.jinja_env.globals["label"] = queries.label
    app.jinja_env.globals["code_entry"] = queries.entry
    app.extensions["packs"].append(operations.load_packs)
    cli.init_app(app)
