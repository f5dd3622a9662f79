"""The functions of the language that work on a group of events."""

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from blueprint.insights.values import Value, number, sort_key, text

# The argument's value in each event of the group, together with the event's time, in the order of the log.
Sample: TypeAlias = tuple[Value, Value]


@dataclass(frozen=True)
class Aggregate:
    """`compute` takes the samples and the second argument, where there is one. `reads_time` needs @timestamp."""

    compute: Callable[[Sequence[Sample], Value], Value]
    arguments: int = 1
    reads_time: bool = False


def _count(samples: Sequence[Sample], _: Value) -> Value:
    return len(_present(samples))


def _count_distinct(samples: Sequence[Sample], _: Value) -> Value:
    return len({text(value) for value in _present(samples)})


def _sum(samples: Sequence[Sample], _: Value) -> Value:
    return sum(_numbers(samples))


def _average(samples: Sequence[Sample], _: Value) -> Value:
    found = _numbers(samples)
    return sum(found) / len(found) if found else None


def _deviation(samples: Sequence[Sample], _: Value) -> Value:
    found = _numbers(samples)
    return statistics.pstdev(found) if found else None


def _least(samples: Sequence[Sample], _: Value) -> Value:
    return _typed(min(_present(samples), key=sort_key, default=None))


def _greatest(samples: Sequence[Sample], _: Value) -> Value:
    return _typed(max(_present(samples), key=sort_key, default=None))


def _percentile(samples: Sequence[Sample], percent: Value) -> Value:
    """The nearest rank. CloudWatch approximates, so that a figure between two values is not to be relied on."""
    found, share = sorted(_numbers(samples)), number(percent)
    if not found or share is None:
        return None
    return found[max(math.ceil(share / 100 * len(found)) - 1, 0)]


def _earliest(samples: Sequence[Sample], _: Value) -> Value:
    known = [sample for sample in samples if sample[0] is not None]
    return min(known, key=lambda sample: sort_key(sample[1]), default=(None, None))[0]


def _latest(samples: Sequence[Sample], _: Value) -> Value:
    known = [sample for sample in samples if sample[0] is not None]
    return max(known, key=lambda sample: sort_key(sample[1]), default=(None, None))[0]


def _present(samples: Sequence[Sample]) -> list[Value]:
    return [value for value, _ in samples if value is not None]


def _numbers(samples: Sequence[Sample]) -> list[float]:
    return [found for value, _ in samples if (found := number(value)) is not None]


def _typed(value: Value) -> Value:
    """A text of digits as the number it is."""
    found = number(value) if isinstance(value, str) else None
    return value if found is None else found


AGGREGATES: dict[str, Aggregate] = {
    "count": Aggregate(_count),
    "count_distinct": Aggregate(_count_distinct),
    "sum": Aggregate(_sum),
    "avg": Aggregate(_average),
    "stddev": Aggregate(_deviation),
    "min": Aggregate(_least),
    "max": Aggregate(_greatest),
    "pct": Aggregate(_percentile, arguments=2),
    "earliest": Aggregate(_earliest, reads_time=True),
    "latest": Aggregate(_latest, reads_time=True),
    "sortsfirst": Aggregate(_least),
    "sortslast": Aggregate(_greatest),
}
