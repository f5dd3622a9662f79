"""Lays a case onto the series of a stack: minute by minute what AWS would report, gaps where it reports nothing."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from blueprint.catalogue.model import Fact, Reports
from blueprint.cloudwatch.model import Metric
from blueprint.errors import UsageError
from blueprint.rehearsal import amounts
from blueprint.rehearsal.amounts import Amount, Sample
from blueprint.rehearsal.model import Conduct, Ordinary, Phase
from blueprint.rehearsal.scripts import MINUTE, Script
from blueprint.rehearsal.watched import LOG, LogFilter, Watched

# A sample of 0 that AWS reports by itself, in each minute in which there is nothing else to report.
_ZERO: tuple[Sample, ...] = ((0.0, 1),)

Minutes = Mapping[int, tuple[Sample, ...]]
"""The samples of each minute that has any, by the number of the minute."""


class Stage:
    """The resources of a stack and how they behave when nothing is wrong."""

    def __init__(
        self, resources: Iterable[Watched], ordinary: Mapping[str, tuple[Ordinary, ...]]
    ) -> None:
        self.resources = {resource.name: resource for resource in resources}
        self._reported = {
            metric: resource
            for resource in self.resources.values()
            for metric in (*resource.series, *resource.filters)
        }
        self._ordinary = {
            name: next(
                (
                    entry.conduct
                    for entry in ordinary.get(resource.kind, ())
                    if resource.has(entry.where)
                ),
                Conduct(silent=True),
            )
            for name, resource in self.resources.items()
        }

    def fact(self, metric: Metric) -> Fact | None:
        """What is known of the series `metric`; None where no resource reports it."""
        resource = self._reported.get(metric)
        if resource is None:
            return None
        log_filter = resource.filters.get(metric)
        return resource.series[metric] if log_filter is None else _lines(log_filter)

    def lay(self, metric: Metric, script: Script) -> Minutes:
        """What is reported on `metric` during `script`: nothing at all where no resource reports such a series.

        Raises UsageError, with the line of the case, where it says what the resource cannot report.
        """
        resource = self._reported.get(metric)
        if resource is None:
            return {}
        try:
            return dict(self._laid(resource, metric, script))
        except UsageError as error:
            raise UsageError(
                f"{script.spot}: {resource.name}: {error.message}", remedy=error.remedy
            ) from error

    def check(self, script: Script) -> None:
        """UsageError where a phase of `script` names a resource or a metric that there is not."""
        for phase in script.phases:
            for name, conduct in self._conducts(phase, script):
                resource = self.resources[name]
                known = {fact.name for fact in resource.series.values()}
                for metric in conduct.metrics:
                    if metric not in known and not metric.startswith(LOG):
                        raise UsageError(
                            f"{script.spot}: {name} reports no metric {metric!r}",
                            remedy=f"use one of: {', '.join(sorted(known)) or 'none'}",
                        )

    def _conducts(self, phase: Phase, script: Script) -> Iterator[tuple[str, Conduct]]:
        if phase.own is not None:
            yield script.own.name, phase.own
        for pattern, conduct in phase.also.items():
            kind, _, key = pattern.partition("/")
            names = (
                [name for name, resource in self.resources.items() if resource.kind == kind]
                if key == "*"
                else [f"{kind}/{self._key(key, script)}"]
            )
            for name in names:
                if name not in self.resources:
                    raise UsageError(
                        f"{script.spot}: the stack has no {name}",
                        remedy=f"use one of: {', '.join(sorted(self.resources))}",
                    )
                yield name, conduct

    def _key(self, key: str, script: Script) -> str:
        attribute = key.removeprefix("{").removesuffix("}")
        return key if attribute == key else str(script.own.attributes.get(attribute, key))

    def _laid(
        self, resource: Watched, metric: Metric, script: Script
    ) -> Iterator[tuple[int, tuple[Sample, ...]]]:
        begin = 0
        for phase in script.phases:
            conduct = dict(self._conducts(phase, script)).get(resource.name)
            beat = self._beat(resource, metric, conduct)
            for minute in range(begin, begin + phase.minutes):
                if samples := beat.at(minute):
                    yield minute, samples
            begin += phase.minutes

    def _beat(self, resource: Watched, metric: Metric, conduct: Conduct | None) -> "_Beat":
        usual = self._ordinary[resource.name]
        said = _Said(resource, usual, conduct)
        log_filter = resource.filters.get(metric)
        if log_filter is not None:
            return said.lines(log_filter)
        return said.samples(resource.series[metric])


@dataclass(frozen=True)
class _Beat:
    """Samples of every n-th minute, and those of the minutes between."""

    samples: tuple[Sample, ...]
    every: int = 1
    between: tuple[Sample, ...] = ()

    def at(self, minute: int) -> tuple[Sample, ...]:
        return self.samples if minute % self.every == 0 else self.between


@dataclass(frozen=True)
class _Said:
    """What a case says of a resource for some minutes: its conduct there, and the usual one where that is silent."""

    resource: Watched
    usual: Conduct
    conduct: Conduct | None

    def samples(self, fact: Fact) -> _Beat:
        amount, every = self._amount(fact.name)
        samples = amount.samples(unit=fact.unit, attributes=self.resource.attributes)
        if fact.reports is Reports.WHEN_NONZERO:
            samples = tuple(sample for sample in samples if sample[0])
        for value, _ in samples:
            _hold(value, fact)
        always = _ZERO if fact.reports is Reports.ALWAYS else ()
        return _Beat(samples or always, every, always)

    def lines(self, log_filter: LogFilter) -> _Beat:
        """One sample of 1 for each line that matches, and the default in a minute in which there are only others."""
        names = {
            name
            for conduct in (self.usual, self.conduct)
            if conduct is not None
            for name in conduct.metrics
            if name.startswith(LOG)
        }
        counts, every = {}, 1
        for name in names:
            amount, every = self._amount(name)
            lines = amount.samples(unit="Count", attributes=self.resource.attributes)
            counts[name.removeprefix(LOG)] = round(sum(value * count for value, count in lines))
        matching = sum(
            count
            for level, count in counts.items()
            if log_filter.matches(json.dumps({"level": level}))
        )
        if matching:
            return _Beat(((1.0, matching),), every)
        if sum(counts.values()) and log_filter.default is not None:
            return _Beat(((log_filter.default, 1),), every)
        return _Beat(())

    def _amount(self, name: str) -> tuple[Amount, int]:
        usually = self._minutes(self.usual.every, 1)
        if self.conduct is None:
            return self.usual.metrics.get(name, amounts.NOTHING), usually
        if name in self.conduct.metrics:
            return self.conduct.metrics[name], self._minutes(self.conduct.every, usually)
        if self.conduct.silent:
            return amounts.NOTHING, 1
        return self.usual.metrics.get(name, amounts.NOTHING), usually

    def _minutes(self, every: int | str | None, usually: int) -> int:
        if every is None:
            return usually
        if isinstance(every, int):
            return every
        seconds = self.resource.attributes.get(every)
        if not isinstance(seconds, int | float) or seconds < MINUTE:
            raise UsageError(
                f"`every: {every}`: the resource has no such number of seconds, or it is below a minute",
                remedy="name an attribute that it has, or write a duration such as 5m",
            )
        return round(seconds / MINUTE)


def _lines(log_filter: LogFilter) -> Fact:
    """What is known of the metric that a filter makes."""
    return Fact(
        namespace=log_filter.metric.namespace,
        name=log_filter.metric.name,
        dimension_sets=(frozenset(),),
        unit=log_filter.unit,
        reports=Reports.PER_EVENT if log_filter.default is not None else Reports.WHEN_NONZERO,
        source="the plan's metric filter",
        read_on="",
        minimum=log_filter.default if log_filter.default is not None else 1,
        maximum=1,
        whole=True,
    )


def _hold(value: float, fact: Fact) -> None:
    """UsageError where AWS could not report `value`."""
    low, high = fact.minimum, fact.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        raise UsageError(
            f"{fact.name} is never {value:g}: it is between {low} and {high}",
            remedy="write what AWS could report",
        )
    if fact.whole and not value.is_integer():
        raise UsageError(
            f"{fact.name} is never {value:g}: it counts whole things",
            remedy="write what AWS could report",
        )
