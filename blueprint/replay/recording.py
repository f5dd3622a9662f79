"""Keeps what the modelled services report: per series and minute, each value and how often it came."""

from collections.abc import Collection, Mapping
from functools import cache

from blueprint.cloudwatch.model import Metric

Samples = Mapping[float, int]
"""Value -> how many samples had it."""

Minutes = dict[int, Samples]
"""Minute of the replay -> its samples."""


class Reporter:
    """Reports one series, under each of the names it has."""

    def __init__(self, minutes: Minutes) -> None:
        self._minutes = minutes

    def note(self, minute: int, samples: Samples) -> None:
        """Samples of one minute, added to those already noted; no count may be 0. Nothing is reported of none."""
        if not samples:
            return
        present = self._minutes.get(minute)
        if present is not None:
            samples = {
                value: present.get(value, 0) + samples.get(value, 0)
                for value in (*present, *samples)
            }
        self._minutes[minute] = samples

    def one(self, minute: int, value: float, count: int = 1) -> None:
        """`count` samples of one value, which may be 0 of them."""
        if count:
            self.note(minute, _same(value, count))

    def ones(self, minute: int, of: int, among: int) -> None:
        """A yes-or-no metric: `of` ones and the rest of `among` zeros."""
        if of == 0 or of == among:
            self.one(minute, 1.0 if of else 0.0, among)
        else:
            self.note(minute, {1.0: of, 0.0: among - of})


class _Unheard(Reporter):
    """Keeps nothing."""

    def note(self, minute: int, samples: Samples) -> None:
        """Forget them."""

    def one(self, minute: int, value: float, count: int = 1) -> None:
        """Forget it."""

    def ones(self, minute: int, of: int, among: int) -> None:
        """Forget them."""


_UNHEARD = _Unheard({})


@cache
def _same(value: float, count: int) -> Samples:
    """Most minutes are alike: one object for all of them saves most of the memory."""
    return {value: count}


class Recording:
    """The series of a replay: those in `watched`, or every one where that is None."""

    def __init__(self, watched: Collection[Metric] | None = None) -> None:
        self._watched = watched
        self._series: dict[Metric, Minutes] = {}

    def reporter(self, *metrics: Metric) -> Reporter:
        """For samples that all of `metrics` are told alike; what nobody watches is not kept."""
        kept = [metric for metric in metrics if self._watched is None or metric in self._watched]
        if not kept:
            return _UNHEARD
        minutes: Minutes = {}
        for metric in kept:
            minutes = self._series.setdefault(metric, minutes)
        return Reporter(minutes)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """Every series that has reported at least once."""
        return tuple(metric for metric, minutes in self._series.items() if minutes)

    def of(self, metric: Metric) -> Minutes:
        """What one series reported; empty where it never did."""
        return self._series.get(metric, {})

    def total(self, metric: Metric) -> float:
        """Sum of all samples of one series."""
        return sum(
            value * count
            for samples in self.of(metric).values()
            for value, count in samples.items()
        )
