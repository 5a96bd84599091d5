"""What is asked when two records become one."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app import merge_pages


class MergeForm(merge_pages.MergeForm):
    reason = merge_pages.how_it_is_known(
        _l("How do you know that both tell one event?"),
        _l("Recorded with your name and the time. Do not write the name of a person here."),
    )
