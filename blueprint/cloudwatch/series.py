"""Makes the data points of metrics: one statistic over every period that ends on a grid of seconds.

A data point at second t is made of the samples of the period before it, [t - period, t).
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

from blueprint.cloudwatch import statistics
from blueprint.cloudwatch.buckets import Buckets
from blueprint.cloudwatch.model import Query
from blueprint.cloudwatch.samples import Samples
from blueprint.cloudwatch.statistics import Value

_REMEMBERED = 8


@dataclass(frozen=True)
class Grid:
    """The seconds at which periods end: `first`, then every `step` seconds up to `last`; a period is whole steps."""

    first: int
    last: int
    step: int
    period: int

    @property
    def width(self) -> int:
        """How many steps a period is long."""
        return self.period // self.step


class Reader:
    """Reads series off the samples, on any of `grids`.

    Grids of one step share the sums of a metric, for the few metrics that were read last.
    """

    def __init__(self, samples: Samples, grids: Iterable[Grid]) -> None:
        self._samples = samples
        self._spans: dict[int, tuple[int, int]] = {}
        for grid in grids:
            first, last = self._spans.get(grid.step, (grid.first - grid.period, grid.last))
            self._spans[grid.step] = min(first, grid.first - grid.period), max(last, grid.last)
        self._buckets: OrderedDict[object, Buckets] = OrderedDict()

    def points(self, query: Query, grid: Grid) -> list[Value]:
        """The data point of `query`, one of a metric, at each second of `grid`; None where there is none."""
        points = statistics.parse(query.statistic).over(self._of(query, grid), grid.width)
        return points[self._place(grid) :]

    def counts(self, query: Query, grid: Grid) -> list[int]:
        """How many samples each data point of `query` is made of."""
        return self._of(query, grid).counts(grid.width)[self._place(grid) :]

    def _place(self, grid: Grid) -> int:
        """Where the first second of `grid` is among the windows of the shared buckets."""
        return (grid.first - grid.period - self._spans[grid.step][0]) // grid.step

    def _of(self, query: Query, grid: Grid) -> Buckets:
        if query.metric is None:
            raise ValueError(f"{query.id} is an expression, which has no samples")
        key = (query.metric, query.unit, grid.step)
        if key not in self._buckets:
            first, last = self._spans[grid.step]
            reported = self._samples.reported(query.metric, query.unit)
            self._buckets[key] = Buckets(reported, first=first, end=last, step=grid.step)
            if len(self._buckets) > _REMEMBERED:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        return self._buckets[key]
