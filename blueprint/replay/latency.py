"""How long requests take: a log-normal distribution on a grid, drawn many at a time."""

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from random import Random

# Neighbouring values of the grid differ by this factor: fine enough for a threshold, coarse enough to count.
_STEP = 1.3
# The 99th percentile of a normal distribution lies this many standard deviations above its median.
_P99 = 2.3263478740408408


@dataclass(frozen=True)
class Latency:
    """A distribution of milliseconds, by its median and its 99th percentile."""

    median: float
    p99: float

    def draw(self, random: Random, count: int) -> Counter[float]:
        """`count` durations in milliseconds, as value and how often it came."""
        if count <= 0:
            return Counter()
        values, cumulative = self._grid
        return Counter(random.choices(values, cum_weights=cumulative, k=count))

    @cached_property
    def _grid(self) -> tuple[list[float], list[float]]:
        """Values, and the weight of everything up to each."""
        spread = math.log(self.p99 / self.median) / _P99
        if spread <= 0:
            return [self.median], [1.0]
        reach = math.ceil(4 * spread / math.log(_STEP))
        steps = range(-reach, reach + 1)
        values = [round(self.median * _STEP**step, 1) for step in steps]
        # Rounded, so that another machine's last digit of erf cannot decide about a request.
        weights = [
            round(_normal(step + 0.5, spread) - _normal(step - 0.5, spread), 12) for step in steps
        ]
        return values, list(accumulate(weights))


def _normal(step: float, spread: float) -> float:
    """Share of the distribution below `step` steps from its median."""
    return 0.5 * (1 + math.erf(step * math.log(_STEP) / spread / math.sqrt(2)))
