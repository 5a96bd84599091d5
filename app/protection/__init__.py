"""Protection: how great a risk is, what was asked of whom to lessen it, and what came of it."""
