"""What is told of a query that cannot be understood, or that CloudWatch would refuse."""

from blueprint.errors import UsageError
from blueprint.insights.tree import Place


class QueryError(UsageError):
    """`line` and `column` count from 1, within the query's text."""

    def __init__(self, place: Place, reason: str, *, remedy: str = "correct the query") -> None:
        super().__init__(f"line {place.line}, column {place.column}: {reason}", remedy=remedy)
        self.line = place.line
        self.column = place.column
        self.reason = reason
