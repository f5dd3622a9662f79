"""Sorts the samples of one series into equal spans of time and adds them up over sliding windows, exactly.

Sums are kept as integers in units of a power of two, which every float is a multiple of. So a window that slid past
an error is exactly 0 again (prefix sums of floats would leave 1e-17 there, and `> 0` would go off), and the result
is the one float that is nearest to the true sum.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain
from operator import gt, lt, sub

from blueprint.cloudwatch.samples import Reported

Weight = Callable[[float], float]
"""What one sample of a given value adds to a sum."""


@dataclass(frozen=True)
class Sums:
    """Sums over every window of some width; the sum of window i is `windows[i]` / `one`."""

    windows: Sequence[int]
    one: int

    def __iter__(self) -> Iterator[float]:
        return (total / self.one for total in self.windows)


class Buckets:
    """What was reported from second `first` to `end` (exclusive), in spans of `step` seconds.

    A window of `width` buckets ends where a bucket ends: the first at `first` + `width` * `step`, and so on.
    """

    def __init__(self, reported: Reported, *, first: int, end: int, step: int) -> None:
        self.length = max(0, (end - first) // step)
        columns = zip(reported.seconds, reported.values, reported.sizes, strict=True)
        self._rows = [
            ((at - first) // step, value, size) for at, value, size in columns if first <= at < end
        ]
        self._sets = [
            ((each.at - first) // step, each) for each in reported.sets if first <= each.at < end
        ]
        self._sums: dict[object, tuple[list[int], int]] = {}

    def counts(self, width: int) -> list[int]:
        """How many samples each window has."""
        return _windows(self._counts, width)

    def totals(self, width: int) -> Sums:
        """The sum of the samples of each window, statistic sets included."""
        prefix, one = self._totals
        return Sums(_windows(prefix, width), one)

    def sums(self, width: int, key: object, weight: Weight) -> Sums:
        """The sum of `weight` of each sample's value in each window; `key` stands for the weight and is remembered.

        Statistic sets, whose samples have no value of their own, are left out.
        """
        if key not in self._sums:
            self._sums[key] = self._prefix(weight)
        prefix, one = self._sums[key]
        return Sums(_windows(prefix, width), one)

    def unranked(self, width: int) -> list[int]:
        """How many samples each window has that statistics by rank cannot be made of: sets and negative values."""
        return _windows(self._unranked, width)

    def minima(self, width: int) -> list[float | None]:
        """The lowest sample of each window; None for a window without any."""
        return self._extremes(width, ((index, each.minimum) for index, each in self._sets), lt)

    def maxima(self, width: int) -> list[float | None]:
        """The highest sample of each window; None for a window without any."""
        return self._extremes(width, ((index, each.maximum) for index, each in self._sets), gt)

    def values(self, width: int) -> Iterator[list[tuple[float, int]]]:
        """The values of each window and how often each was seen, ascending; a value may stand there more than once."""
        by_bucket: list[list[tuple[float, int]]] = [[] for _ in range(self.length)]
        for index, value, size in self._rows:
            by_bucket[index].append((value, size))
        for bucket in by_bucket:
            bucket.sort()
        if width == 1:
            yield from by_bucket
            return
        for before in range(self.length - width + 1):
            yield sorted(chain.from_iterable(by_bucket[before : before + width]))

    def _extremes(
        self, width: int, sets: Iterable[tuple[int, float]], beats: Callable[[float, float], bool]
    ) -> list[float | None]:
        best: list[float | None] = [None] * self.length
        for index, value in chain(((index, value) for index, value, _ in self._rows), sets):
            known = best[index]
            if known is None or beats(value, known):
                best[index] = value
        return best if width == 1 else _sliding(best, width, beats)

    @cached_property
    def _counts(self) -> list[int]:
        counts = [0] * self.length
        for index, _, size in self._rows:
            counts[index] += size
        for index, each in self._sets:
            counts[index] += each.size
        return [0, *accumulate(counts)]

    @cached_property
    def _unranked(self) -> list[int]:
        counts = [0] * self.length
        for index, value, size in self._rows:
            if value < 0:
                counts[index] += size
        for index, each in self._sets:
            counts[index] += each.size
        return [0, *accumulate(counts)]

    @cached_property
    def _totals(self) -> tuple[list[int], int]:
        return self._prefix(
            lambda value: value, ((index, each.total) for index, each in self._sets)
        )

    def _prefix(
        self, weight: Weight, more: Iterable[tuple[int, float]] = ()
    ) -> tuple[list[int], int]:
        """Prefix sums over the buckets of each sample's weight and of `more`, and the unit they are in."""
        more = list(more)
        weights = {value: weight(value) for value in {value for _, value, _ in self._rows}}
        ratios = {
            each: each.as_integer_ratio()
            for each in (*weights.values(), *(each for _, each in more))
        }
        one = max((below for _, below in ratios.values()), default=1)
        exact = {each: over * (one // below) for each, (over, below) in ratios.items()}
        exact_weights = {value: exact[each] for value, each in weights.items()}
        sums = [0] * self.length
        for index, value, size in self._rows:
            sums[index] += size * exact_weights[value]
        for index, each in more:
            sums[index] += exact[each]
        return [0, *accumulate(sums)], one


def _windows(prefix: Sequence[int], width: int) -> list[int]:
    return list(map(sub, prefix[width:], prefix))


def _sliding(
    buckets: Sequence[float | None], width: int, beats: Callable[[float, float], bool]
) -> list[float | None]:
    """The best of each window. What does not beat a later value never comes to be it, and is dropped at once."""
    candidates: deque[tuple[int, float]] = deque()
    found: list[float | None] = []
    for index, value in enumerate(buckets):
        if value is not None:
            while candidates and not beats(candidates[-1][1], value):
                candidates.pop()
            candidates.append((index, value))
        if candidates and candidates[0][0] <= index - width:
            candidates.popleft()
        if index >= width - 1:
            found.append(candidates[0][1] if candidates else None)
    return found
