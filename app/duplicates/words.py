"""Why two records are held for likely duplicates, in words; what speaks for it first."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.duplicates.likeness import Likeness

FOR = {
    ("names", "same long"): _l("a name sounds the same"),
    ("names", "same"): _l("a name sounds the same"),
    ("names", "same word"): _l("a name sounds the same"),
    ("names", "alike"): _l("a name is nearly the same"),
    ("names", "part"): _l("one name holds the other"),
    ("day", "same"): _l("the same day"),
    ("day", "slip"): _l("a day or two apart, or day and month in another order"),
    ("day", "within month"): _l("dates that can be the same"),
    ("day", "within"): _l("dates that can be the same"),
    ("place", "same"): _l("the same place"),
    ("place", "within"): _l("one place lies in the other"),
    ("source", "same"): _l("the same address on the web"),
    ("words", "many"): _l("titles that agree"),
    ("victims", "same"): _l("as many people affected"),
}
AGAINST = {
    ("names", "one word"): _l("names that share one word only"),
    ("names", "other"): _l("other names"),
    ("place", "shared"): _l("places that agree in part"),
    ("place", "other"): _l("another place"),
    ("place", "far"): _l("places far apart"),
    ("type", "family"): _l("another type of act"),
    ("type", "other"): _l("another type of act"),
    ("victims", "other"): _l("another number of people"),
    ("gender", "other"): _l("another gender"),
    ("age", "other"): _l("another age group"),
    ("day", "month"): _l("days apart"),
}


def reason_words(likeness: Likeness) -> str:
    """No name is told: only that names agree."""
    pro = [str(FOR[level]) for level in likeness.levels if level in FOR]
    contra = [str(AGAINST[level]) for level in likeness.levels if level in AGAINST]
    if not contra:
        return ", ".join(dict.fromkeys(pro))
    return _("%(reasons)s; but %(doubts)s", reasons=", ".join(dict.fromkeys(pro)), doubts=", ".join(contra))


def grade_words(likeness: Likeness) -> str:
    return _("Likely one event") if likeness.is_likely else _("Possibly one event")
