"""Evidence: the sources of what is recorded, and files on records."""

from flask import Flask

from app.evidence import files, filing, models, views
from app.evidence.panels import files_panel


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    app.jinja_env.globals.update(files_panel=files_panel)
    app.extensions["before_serving"].append(filing.sweep)


__all__ = ["files", "models", "views"]
