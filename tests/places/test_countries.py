"""The countries that a form offers: those of ISO 3166-1, all of them and nothing else."""

import pytest
from flask import g

from app.places.countries import country_choices


@pytest.mark.parametrize("language", ["es", "en"])
def test_only_countries_are_offered(app, language):
    g.language = language

    codes = [code for code, _name in country_choices()]

    assert len(codes) == len(set(codes)) == 249
    assert codes[0] == "PE" and {"AX", "PS", "SS", "TW"} <= set(codes)
    assert not {"EU", "XA", "XB", "XK", "ZZ", "AC", "DG", "IC", "UN"} & set(codes)
