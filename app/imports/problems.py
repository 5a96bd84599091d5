"""What can be wrong with a cell."""


class CellProblem(ValueError):
    """A cell that cannot be taken as it is; its text is a sentence that says what to do and never quotes the cell."""


class TooMuch(CellProblem):
    """A number or a term that was understood and is beyond all measure: a slip, never taken for other words."""
