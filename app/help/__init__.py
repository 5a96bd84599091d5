"""Help: the handbook of docs/, in both languages, inside the app."""

from flask import Flask

from app.help import views


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
