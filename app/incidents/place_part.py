"""The place in the form: typed and resolved here, or chosen in three steps; what is ambiguous is asked back."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.incidents.form_fields import NOTHING, options
from app.places.models import DEPARTMENT, DISTRICT, LEVELS, PROVINCE, Place
from app.places.queries import below, has_tree, place_of_key, place_words, resolve

STEPS = (DEPARTMENT, PROVINCE, DISTRICT)


class PlacePart:
    """What the place fields of a form mean; settles what they show next."""

    def __init__(self, form: Any) -> None:
        self.form = form
        self.country: str | None = form.country.data or None
        self.has_tree = has_tree(self.country)
        self.problem: str | None = None
        self.guess: tuple[str, str] | None = None
        """What was typed, and the only place that it could mean: to be said."""
        self.place = self._meant() if self.has_tree else None
        self._show()

    def _meant(self) -> Place | None:
        """The last thing done counts: steps that were changed, then what is typed."""
        form = self.form
        chosen = self._chosen_step()
        if chosen is not None and chosen.key != (form.place_before.data or ""):
            form.place.data = place_words(chosen)
            return chosen
        if not (form.place.data or "").strip():
            return None
        found = resolve(form.place.data, self.country)
        if found.place is not None:
            return found.place
        if len(found.candidates) == 1:
            self.guess = (form.place.data.strip(), place_words(found.candidates[0]))
            return found.candidates[0]
        if found.candidates:
            by_key = {place.key: place for place in found.candidates}
            if form.place_choice.data in by_key:
                return by_key[form.place_choice.data]
            form.place_choice.choices = options((key, place_words(place)) for key, place in by_key.items())
            self.problem = _("Several places may be meant. Choose one of those below.")
        else:
            self.problem = _("No place of this name or code is known. Check it, or choose in three steps.")
        return None

    def _chosen_step(self) -> Place | None:
        """The smallest place that the three steps name, as far as each lies in the one before."""
        found: Place | None = None
        for level in STEPS:
            place = place_of_key(getattr(self.form, level).data or None, self.country)
            if place is None or place.level != level or (found is not None and place.parent_id != found.id):
                return found
            if found is None and level != DEPARTMENT:
                return None
            found = place
        return found

    def _show(self) -> None:
        form, place = self.form, self.place
        if place is not None:
            form.place.data, form.place_choice.data = place_words(place), None
        if form.place_choice.data not in [choice.value for choice in form.place_choice.choices]:
            form.place_choice.data = None
        above = {one.level: one.key for one in (place and place.department, place and place.province, place) if one}
        for level in STEPS:
            getattr(form, level).data = above.get(level, "")
        form.place_before.data = place.key if place else ""
        self._offer_steps(above)

    def _offer_steps(self, above: dict[str, str]) -> None:
        for level, upper in zip(LEVELS, (None, *LEVELS), strict=False):
            known = self.has_tree and (upper is None or upper in above)
            places = below(above.get(upper or ""), level, self.country or "") if known else []
            getattr(self.form, level).choices = options(
                [("", NOTHING), *((place.key, place.name) for place in places if place.selectable)]
            )
