"""Proceedings: criminalisation and accountability, and what is due in them."""
