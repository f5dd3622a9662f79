"""Finds the series that an alarm's query reads: whether it can exist, and what one sample of it can be."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from blueprint.catalogue.catalogue import Catalogue
from blueprint.catalogue.model import Fact, Reports
from blueprint.cloudwatch.model import Metric
from blueprint.documents.model import Resource
from blueprint.documents.placeholders import Placeholder
from blueprint.reachability import codes
from blueprint.reachability.interval import Interval
from blueprint.reachability.verdict import Step, holds, refused, unknown

_LOG_FILTER = "source: the metric filter"
_ALIKE = 0.5  # of 1; a dimension less like another than this is not a misspelling of it
_GIVE_METRICS = "list it in a file and give that: --metrics FILE"


@dataclass(frozen=True)
class Series:
    """What a query reads: one sample lies in `sample`, which `bound` explains where a resource narrows it."""

    metric: Metric
    fact: Fact
    sample: Interval
    bound: str = ""

    @property
    def may_be_absent(self) -> bool:
        """Whether there are periods without a sample while all is well."""
        return self.fact.reports is not Reports.ALWAYS

    @property
    def silent_when_well(self) -> bool:
        """Whether a sample is a sign of the trouble itself: there is none once it is over."""
        return self.fact.reports is Reports.WHEN_NONZERO


def declared_metrics(resources: Iterable[Resource]) -> Iterator[Fact]:
    """The custom metrics that log metric filters among `resources` make."""
    for resource in resources:
        if resource.type != "aws_cloudwatch_log_metric_filter":
            continue
        transformations = resource.values.get("metric_transformation")
        for each in transformations if isinstance(transformations, list) else []:
            name, namespace = each.get("name"), each.get("namespace")
            if not isinstance(name, str) or not isinstance(namespace, str):
                continue
            value, default = _number(each.get("value")), _number(each.get("default_value"))
            low = min((bound for bound in (value, default) if bound is not None), default=None)
            yield Fact(
                namespace=namespace,
                name=name,
                dimension_sets=(frozenset(each.get("dimensions") or {}),),
                unit=each.get("unit") or "None",
                # A default stands for log lines that do not match; without any line there is nothing.
                reports=Reports.WHEN_NONZERO if default is None else Reports.PER_EVENT,
                source=f"{_LOG_FILTER} {resource.place.address}",
                read_on="",
                minimum=None if value is None else low,
                maximum=None if value is None else max(value, default or 0),
                whole=value is not None and value.is_integer(),
            )


def find(
    metric: Metric, unit: str | None, catalogue: Catalogue, resources: Sequence[Resource]
) -> tuple[list[Step], Series | None]:
    """The series that `metric` in `unit` (None: any) is, with the steps that led to it; None where one did not hold."""
    facts = catalogue.facts(metric.namespace, metric.name)
    if not facts:
        return [_missing(metric, catalogue)], None
    names = frozenset(name for name, _ in metric.dimensions)
    reported = [fact for fact in facts if names in fact.dimension_sets]
    if not reported:
        return [_wrong_dimensions(metric, names, facts, catalogue)], None
    steps = [
        holds(codes.METRIC_UNKNOWN, f"{metric.namespace} has {metric.name}"),
        holds(codes.DIMENSIONS, f"{metric.name} is reported by {_listed(names)}"),
    ]
    in_unit = [fact for fact in reported if unit in (None, fact.unit)]
    if not in_unit:
        right = reported[0].unit
        text = f"{metric.name} is reported in {right}, not in {unit}, so the alarm sees no data"
        return [
            *steps,
            refused(codes.UNIT, text, f"leave the unit out, or say {right}", "unit"),
        ], None
    # Where kinds of resources share a name and dimensions, the one that says the least.
    fact = max(in_unit, key=lambda each: math.inf if each.maximum is None else each.maximum)
    sample, bound = _sample(fact, metric, resources)
    return steps, Series(metric, fact, sample, bound)


def _missing(metric: Metric, catalogue: Catalogue) -> Step:
    namespace, name = metric.namespace, metric.name
    close = catalogue.nearest(namespace, name)
    meant = f"did you mean {close}?" if close else ""
    if catalogue.namespace_known(namespace):
        listed = ", ".join(catalogue.names(namespace)[:8])
        return refused(
            codes.METRIC_UNKNOWN,
            f"{namespace} has no metric {name}",
            meant or f"it has {listed}, …",
            "metric_name",
        )
    other = catalogue.nearest_namespace(namespace)
    if other and other.casefold() == namespace.casefold() and other != namespace:
        return refused(
            codes.METRIC_UNKNOWN,
            f"there is no namespace {namespace}; case matters",
            f"write {other}",
            "namespace",
        )
    if namespace in catalogue.namespaces:
        text = f"nothing is known of a metric {name} of {namespace}"
    else:
        text = f"nothing is known of the namespace {namespace}"
        if other and not meant:
            meant = f"did you mean {other}?"
    remedy = f"{meant} Or {_GIVE_METRICS}" if meant else _GIVE_METRICS
    return unknown(codes.METRIC_UNKNOWN, text, remedy, "metric_name")


def _wrong_dimensions(
    metric: Metric, names: frozenset[str], facts: Sequence[Fact], catalogue: Catalogue
) -> Step:
    sets = {each for fact in facts for each in fact.dimension_sets}
    nearest = min(sets, key=lambda each: (_distance(names, each), sorted(each)))
    text = f"{metric.name} is not reported by {_listed(names)}, but by {_listed(nearest)}"
    remedy = _change(names, nearest)
    same = [
        name
        for name in catalogue.names(metric.namespace)
        if name != metric.name
        and _akin(name, metric.name)
        and any(names in fact.dimension_sets for fact in catalogue.facts(metric.namespace, name))
    ]
    if same:
        remedy = f"did you mean {same[0]}, which is reported by {_listed(names)}? Or {remedy}"
    return refused(codes.DIMENSIONS, text, remedy, "dimensions")


def _distance(names: frozenset[str], wanted: frozenset[str]) -> float:
    """How many dimensions differ; one that is only spelt differently counts for as much as its spelling."""
    extra, lacking = names - wanted, set(wanted - names)
    distance = 0.0
    for name in sorted(extra):
        alike = {each: SequenceMatcher(None, name, each).ratio() for each in lacking}
        best = max(alike, key=alike.__getitem__, default="")
        if best and alike[best] > _ALIKE:
            lacking.discard(best)
            distance += 1 - alike[best]
        else:
            distance += 1
    return distance + len(lacking)


def _change(names: frozenset[str], wanted: frozenset[str]) -> str:
    extra, lacking = sorted(names - wanted), sorted(wanted - names)
    if len(extra) == len(lacking) == 1:
        return f"use {lacking[0]} instead of {extra[0]}"
    parts = [f"add {', '.join(lacking)}"] if lacking else []
    parts += [f"leave out {', '.join(extra)}"] if extra else []
    return " and ".join(parts)


def _akin(one: str, other: str) -> bool:
    left, right = one.casefold(), other.casefold()
    return left.startswith(right) or right.startswith(left)


def _listed(names: Iterable[str]) -> str:
    return " + ".join(sorted(names)) or "no dimension"


@dataclass(frozen=True)
class _Limit:
    """An argument of a resource beyond which a sample of a metric cannot be."""

    resource: str
    name: str
    dimension: str
    argument: str
    factor: float


_LIMITS = {
    ("AWS/Lambda", "Duration"): _Limit(
        "aws_lambda_function", "function_name", "FunctionName", "timeout", 1000
    ),
    ("AWS/SQS", "ApproximateAgeOfOldestMessage"): _Limit(
        "aws_sqs_queue", "name", "QueueName", "message_retention_seconds", 1
    ),
}


def _sample(fact: Fact, metric: Metric, resources: Sequence[Resource]) -> tuple[Interval, str]:
    low = -math.inf if fact.minimum is None else float(fact.minimum)
    high = math.inf if fact.maximum is None else float(fact.maximum)
    limit = _LIMITS.get((metric.namespace, metric.name))
    watched = dict(metric.dimensions).get(limit.dimension) if limit else None
    if limit is None or watched is None or _anonymous(watched):
        return Interval(low, high), ""
    for resource in resources:
        if resource.type != limit.resource or resource.values.get(limit.name) != watched:
            continue
        value = _number(resource.values.get(limit.argument))
        if value is not None and value * limit.factor < high:
            says = f"{resource.place.address} has {limit.argument} {value:.12g}"
            return Interval(low, value * limit.factor), says
    return Interval(low, high), ""


def _anonymous(value: str) -> bool:
    """Whether nothing tells which resource it is: Terraform shows every such value alike."""
    return isinstance(value, Placeholder) and not value.startswith("${")


def _number(value: object) -> float | None:
    try:
        return None if value in (None, "") else float(str(value))
    except ValueError:
        return None


BOUNDING = frozenset(limit.resource for limit in _LIMITS.values())
