"""What the pages of incidents, proceedings and contracts show of the recommendations that they are evidence for."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_login import current_user

from app import i18n
from app.recommendations import words
from app.recommendations.operations import COLUMN_OF
from app.recommendations.queries import recommendations_borne_on


def evidence_for(record: Any) -> str:
    found = recommendations_borne_on(current_user, COLUMN_OF[type(record)], record.id)
    if not found:
        return ""
    return render_template("recommendations/panel.html", found=found, words=words, language=i18n.language())
