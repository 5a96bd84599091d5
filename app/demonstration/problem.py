"""What stops the demonstration."""


class DemonstrationProblem(Exception):
    """A row of the demonstration files names something that is not in the packs."""
