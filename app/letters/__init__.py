"""Letters to bodies outside: drafted from a case, and only with the answers of those whom they tell of."""

from flask import Flask

from app import web
from app.downloads import KINDS
from app.letters import views
from app.letters.operations import UN_LETTER


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    KINDS[UN_LETTER] = views.TITLE
    web.add_panel(app, "case acts", "letter", views.acts_panel, order=20)
