"""The signals of dashboards/alarms.yaml: read, and held to what a schema cannot say."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from blueprint import data_files, paths
from blueprint.catalogue import catalogue
from blueprint.catalogue.model import Fact
from blueprint.data_files import Source
from blueprint.errors import UsageError

FILE = paths.ROOT / "dashboards" / "alarms.yaml"
SCHEMA = paths.ROOT / "dashboards" / "schemas" / "alarms.json"
TIERS = ("dev", "staging", "prod")
_DAY = 86400
_WEEK = 7 * _DAY
_HOUR = 3600


@dataclass(frozen=True)
class Kind:
    """A kind of resource: how its metrics are reported, and the attributes by which signals choose and measure."""

    namespace: str
    dimensions: tuple[str, ...]
    attributes: frozenset[str]


def _kind(namespace: str, dimensions: str, attributes: str) -> Kind:
    return Kind(namespace, tuple(dimensions.split()), frozenset(attributes.split()))


# The same as local.resources in components/terraform/observability/main.tf.
KINDS: Mapping[str, Kind] = {
    "api": _kind(
        "AWS/ApiGateway",
        "ApiId Stage",
        "type id name stage integration_timeout_ms access_log_group_name probed",
    ),
    "functions": _kind(
        "AWS/Lambda",
        "FunctionName",
        "name timeout_seconds memory_mb invoked_by log_group_name reserved_concurrency failure_destination"
        " interval_seconds",
    ),
    "queues": _kind(
        "AWS/SQS",
        "QueueName",
        "name kind retention_seconds consumer consumed visibility_timeout_seconds",
    ),
    "tables": _kind("AWS/DynamoDB", "TableName", "name stream_enabled"),
    "indexes": _kind("AWS/DynamoDB", "TableName GlobalSecondaryIndexName", "name table"),
    "schedules": _kind(
        "AWS/Scheduler", "ScheduleGroup", "name group function function_name period_seconds"
    ),
    "user_pool_clients": _kind("AWS/Cognito", "UserPool UserPoolClient", "name pool"),
    "account": _kind("AWS/Lambda", "", "name concurrency_quota"),
}


@dataclass(frozen=True)
class Series:
    """One metric that a signal reads, by its statistic."""

    metric: str
    statistic: str


@dataclass(frozen=True)
class Signal:
    """One signal; `series` are the metrics it reads, by the names its expression has for them.

    A signal that counts log lines has a `log_pattern` and no series: its metric is made by a filter.
    """

    name: str
    watches: str
    where: Mapping[str, Any]
    series: Mapping[str, Series]
    expression: str | None
    log_pattern: str | None
    severity: str
    owner: str
    tiers: frozenset[str]
    deploy: bool


@dataclass(frozen=True)
class Exemption:
    """An alarm that is left out: `signal` for the resource whose key is `resource`, through the day `until`."""

    resource: str
    signal: str
    decided_on: date
    until: date | None
    reason: str


@dataclass(frozen=True)
class Signals:
    """What dashboards/alarms.yaml says; `objectives` is what of slo.yaml each tier has: none, deploy or all."""

    signals: Mapping[str, Signal]
    exemptions: tuple[Exemption, ...]
    objectives: Mapping[str, str]


def read(file: Path = FILE, *, today: date | None = None) -> Signals:
    """The signals in `file`; UsageError with file, line and field of everything that is wrong."""
    source = data_files.read_source(file, json.loads(SCHEMA.read_text(encoding="utf-8")))
    document = source.document
    faults = [
        *(
            fault
            for name, values in document["signals"].items()
            for fault in _faults(source, name, values)
        ),
        *_faults_of_exceptions(source, today or datetime.now(tz=UTC).date()),
    ]
    if faults:
        raise UsageError(
            "\n".join(fault.message for fault in faults),
            remedy="\n".join(dict.fromkeys(fault.remedy for fault in faults)),
        )
    return Signals(
        signals={name: _signal(name, values) for name, values in document["signals"].items()},
        exemptions=tuple(
            Exemption(
                resource=row["resource"],
                signal=row["signal"],
                decided_on=date.fromisoformat(row["decided_on"]),
                until=date.fromisoformat(row["until"]) if "until" in row else None,
                reason=row["reason"],
            )
            for row in document["exceptions"]
        ),
        objectives={tier: document["tiers"][tier]["slo"] for tier in TIERS},
    )


def _signal(name: str, values: Mapping[str, Any]) -> Signal:
    return Signal(
        name=name,
        watches=values["watches"],
        where=values.get("where", {}),
        series=_series(values),
        expression=values.get("expression"),
        log_pattern=values.get("log_pattern"),
        severity=values["severity"],
        owner=values["owner"],
        tiers=frozenset(values["tiers"]),
        deploy=values.get("deploy", False),
    )


def _series(values: Mapping[str, Any]) -> dict[str, Series]:
    if "metric" in values:
        return {"metric": Series(values["metric"], values["statistic"])}
    return {
        name: Series(query["metric"], query["statistic"])
        for name, query in values.get("queries", {}).items()
    }


def _faults(source: Source, name: str, values: Mapping[str, Any]) -> Iterator[UsageError]:
    at: tuple[str, ...] = ("signals", name)
    yield from _one_of(source, at, values, "metric", "expression", "log_pattern")
    yield from _one_of(source, at, values, "threshold", "threshold_of")
    yield from _one_of(source, at, values, "period_seconds", "period_of")
    if "log_pattern" in values and values["watches"] != "functions":
        yield source.refuse(
            [*at, "log_pattern"],
            f"is for functions, whose log is read, and the signal watches {values['watches']}",
        )
    if values["datapoints"] > values["evaluation_periods"]:
        yield source.refuse(
            [*at, "datapoints"],
            f"{values['datapoints']} of {values['evaluation_periods']} evaluation_periods can never be bad",
            remedy="lower datapoints, or raise evaluation_periods",
        )
    period = values.get("period_seconds", 0)
    longest = _DAY if period < _HOUR else _WEEK
    if period * values["evaluation_periods"] > longest:
        yield source.refuse(
            [*at, "evaluation_periods"],
            f"{values['evaluation_periods']} periods of {period} s are longer than the {longest} s"
            " CloudWatch looks back (a day where a period is below an hour, else seven)",
            remedy="shorten the window",
        )
    yield from _faults_of_attributes(source, at, values)
    yield from _faults_of_metrics(source, at, values)


def _one_of(
    source: Source, at: tuple[str, ...], values: Mapping[str, Any], *names: str
) -> Iterator[UsageError]:
    given = [name for name in names if name in values]
    if len(given) != 1:
        said = " and ".join(given) or "none"
        yield source.refuse(
            [*at, *given[1:2]],
            f"exactly one of {', '.join(names)} is needed, and there is {said}",
            remedy=f"give one of {', '.join(names)}",
        )


def _faults_of_attributes(
    source: Source, at: tuple[str, ...], values: Mapping[str, Any]
) -> Iterator[UsageError]:
    known = KINDS[values["watches"]].attributes
    used = [
        *((("where", name), name) for name in values.get("where", {})),
        *((("dimensions", name), of) for name, of in values.get("dimensions", {}).items()),
        *(
            ((measure, "attribute"), values[measure]["attribute"])
            for measure in ("threshold_of", "period_of")
            if measure in values
        ),
        *((("period_at_least",), values[name]) for name in ("period_at_least",) if name in values),
    ]
    for path, attribute in used:
        if attribute not in known:
            yield source.refuse(
                [*at, *path],
                f"{values['watches']} have no attribute {attribute!r}; use {', '.join(sorted(known))}",
                remedy="correct the attribute",
            )


def _faults_of_metrics(
    source: Source, at: tuple[str, ...], values: Mapping[str, Any]
) -> Iterator[UsageError]:
    kind = KINDS[values["watches"]]
    namespace = values.get("namespace", kind.namespace)
    dimensions = frozenset(values.get("dimensions", kind.dimensions))
    known = catalogue.load()
    for name, series in _series(values).items():
        path = [*at, "metric"] if "metric" in values else [*at, "queries", name, "metric"]
        facts = known.facts(namespace, series.metric)
        if not facts:
            if known.namespace_known(namespace):
                nearest = known.nearest(namespace, series.metric)
                yield source.refuse(
                    path,
                    f"{namespace} has no metric {series.metric!r}"
                    + (f"; the nearest is {nearest!r}" if nearest else ""),
                    remedy="correct the metric: an alarm on one that does not exist never goes off",
                )
            continue
        if not any(dimensions in fact.dimension_sets for fact in facts):
            sets = sorted(
                {", ".join(sorted(s)) or "none" for fact in facts for s in fact.dimension_sets}
            )
            yield source.refuse(
                path,
                f"{series.metric} is not reported by {', '.join(sorted(dimensions)) or 'no dimension'}",
                remedy=f"watch what it is reported by: {'; '.join(sets)}",
            )
        if "metric" in values and "threshold" in values:
            yield from _faults_of_threshold(source, at, values, facts)


def _faults_of_threshold(
    source: Source, at: tuple[str, ...], values: Mapping[str, Any], facts: tuple[Fact, ...]
) -> Iterator[UsageError]:
    """A threshold that no sample passes, or every one does. What adds up over a period has no upper bound."""
    threshold, statistic, comparison = (
        values["threshold"],
        values["statistic"],
        values["comparison"],
    )
    counts = statistic in ("Sum", "SampleCount")
    least = 0 if counts else min((f.minimum for f in facts if f.minimum is not None), default=None)
    most = (
        None if counts else max((f.maximum for f in facts if f.maximum is not None), default=None)
    )
    above = comparison in (">", ">=")
    never = (
        (most is not None and (threshold > most or (comparison == ">" and threshold == most)))
        if above
        else (
            least is not None and (threshold < least or (comparison == "<" and threshold == least))
        )
    )
    always = (
        (least is not None and (threshold < least or (comparison == ">=" and threshold == least)))
        if above
        else (most is not None and (threshold > most or (comparison == "<=" and threshold == most)))
    )
    if never or always:
        bottom = "any number" if least is None else f"{least:g}"
        top = "any number" if most is None else f"{most:g}"
        verdict = "never goes off" if never else "is always on"
        yield source.refuse(
            [*at, "threshold"],
            f"{statistic} of {values['metric']} is from {bottom} to {top}, so {comparison} {threshold:g} {verdict}",
            remedy="put the threshold inside the range",
        )


def _faults_of_exceptions(source: Source, today: date) -> Iterator[UsageError]:
    seen: dict[tuple[str, str], int] = {}
    for position, row in enumerate(source.document["exceptions"]):
        key = (row["resource"], row["signal"])
        if row["signal"] not in source.document["signals"]:
            yield source.refuse(
                ["exceptions", position, "signal"],
                f"there is no signal {row['signal']!r}",
                remedy=f"use one of {', '.join(source.document['signals'])}, or remove the line",
            )
        if key in seen:
            yield source.refuse(
                ["exceptions", position],
                f"takes the same alarm away as [{seen[key]}]",
                remedy="remove one of the two",
            )
        seen[key] = position
        if "until" in row and date.fromisoformat(row["until"]) < today:
            yield source.refuse(
                ["exceptions", position, "until"],
                f"{row['until']} has passed",
                remedy="remove the line, so that the alarm comes back, or decide anew",
            )
