"""How days are written that are not known for certain."""

from datetime import date

import pytest
from flask import g

from app.dates import RANGE, UNKNOWN, UncertainDate
from app.i18n import uncertain_date_words

OF_BOTH_DATABASES = ("sqlite",)

DAY = date(2016, 10, 26)
PUBLISHED = UncertainDate(None, DAY, UNKNOWN, "publicado el 26 oct 2016")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (PUBLISHED, "by 26 Oct 2016 (“publicado el 26 oct 2016”)"),
        (UncertainDate(None, DAY, UNKNOWN), "by 26 Oct 2016"),
        (UncertainDate(None, DAY, RANGE), "until 26 Oct 2016"),
        (UncertainDate(text="en la cosecha"), "“en la cosecha”"),
        (UncertainDate(), "not on record"),
    ],
)
def test_words_of_the_source_stand_in_quotes_behind_a_date_in_the_readers_language(app, value, words):
    g.language = "en"

    assert uncertain_date_words(value) == words


def test_the_same_in_spanish(app):
    g.language = "es"

    assert uncertain_date_words(PUBLISHED) == "a más tardar el 26 oct 2016 («publicado el 26 oct 2016»)"
