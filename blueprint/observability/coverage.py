"""Holds a stack's pack to what it watches, both ways: nothing unwatched, nothing watched that is not there.

What has to be there is worked out here from the data and the inventory, apart from the component that renders it: two
readings of the same words, which must agree.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from blueprint import data_files
from blueprint.catalogue import catalogue as catalogues
from blueprint.catalogue.catalogue import Catalogue
from blueprint.cloudwatch.model import CompositeAlarm, Metric, MetricAlarm
from blueprint.documents import reading
from blueprint.documents.model import Declared, Document
from blueprint.observability import dashboards, inventory, planned, signals, slo, telemetry
from blueprint.observability.dashboards import Dashboard
from blueprint.observability.signals import Signals
from blueprint.observability.slo import Objectives
from blueprint.stacks import atmos, environment

STACKS = ("staging", "prod")
# The last of them has every alarm and every panel: there nothing may be left out.
WHOLE = "prod"

Resources = Mapping[str, Mapping[str, Mapping[str, Any]]]
_SEVERITIES = ("page", "ticket", "none")
_DESCRIPTION = 1024
_SERVICE = {"page", "ticket", "deploy", "quiet"}
# Dimensions that say which part of a resource's work is meant.
_OF_NO_RESOURCE = {"Operation"}
_OBJECTIVES_OF_A_ROLLOUT = "deploy"


@dataclass(frozen=True)
class Watch:
    """One alarm that has to be there: `signal` of `resource`; of an objective also the window."""

    signal: str
    resource: str
    window: str | None = None

    def __str__(self) -> str:
        window = f" over {self.window}" if self.window else ""
        return f"{self.signal} of {self.resource}{window}"


def check() -> list[str]:
    """What is wrong in the stacks that alarm, each fault with its stack."""
    env = environment.base()
    faults = []
    for name in STACKS:
        opened = atmos.stack(name, env)
        values = opened.component(planned.COMPONENT).values
        watched = inventory.resources(
            inventory.of(opened),
            probed=values.get("canary_enabled", False),
            concurrency_quota=values.get("account_concurrency_quota")
            if values.get("account_alarms_enabled", False)
            else None,
        )
        known = catalogues.load().with_metrics(telemetry.read().facts(opened.prefix))
        document = reading.read(planned.plan(name))
        found = [
            *unwatched(document, watched, signals.read(), slo.read(), tier=values["tier"]),
            *incomplete(document),
            *unreal(document, watched, known),
        ]
        if name == WHOLE:
            found += [*unalarmed(document, watched), *unseen(document)]
        faults += [f"{name}: {fault}" for fault in found]
    return faults


def wanted(
    resources: Resources, read: Signals, objectives: Objectives, *, tier: str
) -> Iterator[Watch]:
    """Every alarm that a stack of `tier` with these `resources` has to have, exceptions left out."""
    exempt = {(each.resource, each.signal) for each in read.exemptions}
    for name, signal in read.signals.items():
        if tier not in signal.tiers:
            continue
        for key, attributes in resources.get(signal.watches, {}).items():
            matches = all(
                attributes.get(attribute) == value for attribute, value in signal.where.items()
            )
            # A schedule that nobody can miss a run of has no period to measure by.
            measured = name != "did-not-run" or attributes.get("period_seconds") is not None
            if matches and measured and (key, name) not in exempt:
                yield Watch(name, key)
    scope = read.objectives[tier]
    if scope == "none":
        return
    shortest = min(objectives.windows, key=lambda window: window.seconds)
    for indicator in objectives.indicators:
        if indicator.resource not in resources.get(indicator.watches, {}):
            continue
        for window in objectives.windows:
            if scope == _OBJECTIVES_OF_A_ROLLOUT and window != shortest:
                continue
            if indicator.has(window, objectives.windows):
                yield Watch(indicator.name, indicator.slo, window.label)


def unwatched(
    document: Document,
    resources: Resources,
    read: Signals,
    objectives: Objectives,
    *,
    tier: str,
) -> Iterator[str]:
    """Alarms that are missing from `document`, and alarms in it that the data does not ask for."""
    expected = set(wanted(resources, read, objectives, tier=tier))
    found = {
        Watch(alarm.tags["signal"], alarm.tags.get("resource", ""), alarm.tags.get("window"))
        for alarm in document.alarms
        if alarm.tags.get("signal") not in _SERVICE | {None}
    }
    for watch in sorted(expected - found, key=str):
        yield (
            f"there is no alarm {watch}: repair the component, or say why not under `exceptions`"
            f" in {data_files.shown(signals.FILE)}"
        )
    for watch in sorted(found - expected, key=str):
        yield f"alarm {watch} is asked for by no signal and no objective, or of a resource that is not there"


def unalarmed(document: Document, resources: Resources) -> Iterator[str]:
    """Resources that no alarm at all is about."""
    names = {value for metric in _metrics(document) for _, value in metric.dimensions} | {
        alarm.tags.get("resource") for alarm in document.alarms
    }
    for kind in ("functions", "queues", "tables", "schedules", "user_pool_clients", "api"):
        for key, attributes in resources.get(kind, {}).items():
            if not {key, attributes.get("name")} & names:
                yield f"{kind}: {key} has no alarm: give it one in {data_files.shown(signals.FILE)}"


def incomplete(document: Document) -> Iterator[str]:
    """Alarms without what a person needs at night, and alarms that nobody is told of."""
    spoken_of = " ".join(
        alarm.alarm.rule for alarm in document.alarms if isinstance(alarm.alarm, CompositeAlarm)
    )
    for declared in document.alarms:
        address, alarm = declared.place.address, declared.alarm
        if alarm is None:
            yield f"{address} cannot be judged: {'; '.join(declared.unresolved)}"
            continue
        yield from _without(declared)
        if not 0 < len(alarm.description) <= _DESCRIPTION:
            yield f"{address}: the description has {len(alarm.description)} of 1 to {_DESCRIPTION} characters"
        told = bool(alarm.actions.alarm) and alarm.actions.enabled
        judged_by = declared.tags.get("signal") in _SERVICE or f'"{alarm.name}"' in spoken_of
        if not told and not judged_by:
            yield f"{address} tells nobody and is part of no composite: give it an action"


def unreal(document: Document, resources: Resources, known: Catalogue) -> Iterator[str]:
    """Panels and alarms about a metric that does not exist, or about a resource that is not there."""
    there = set(_names(resources))
    made = {
        Metric.of(str(values["namespace"]), str(values["name"]), {})
        for resource in document.resources
        if resource.type == "aws_cloudwatch_log_metric_filter"
        for values in _transformations(resource.values)
    }
    for metric, place in _places(document).items():
        if metric in made:
            continue
        name = f"{metric.namespace} {metric.name}"
        facts = known.facts(metric.namespace, metric.name)
        by = frozenset(dimension for dimension, _ in metric.dimensions)
        if not facts:
            near = known.nearest(metric.namespace, metric.name)
            yield f"{place}: there is no metric {name}" + (
                f"; the nearest is {near}" if near else ""
            )
        elif not any(by in fact.dimension_sets for fact in facts):
            yield f"{place}: {name} is not reported by {', '.join(sorted(by)) or 'no dimension'}"
        for dimension, value in metric.dimensions:
            if dimension not in _OF_NO_RESOURCE and value not in there:
                yield f"{place}: {name} is read for {dimension} {value}, which the stack does not have"


def unseen(document: Document) -> Iterator[str]:
    """Alarms that no dashboard shows, neither as an alarm nor by the metrics they read."""
    shown = dashboards.of(document)
    for dashboard in shown:
        if dashboard.unknown:
            yield f"dashboard {dashboard.name} cannot be read: {dashboard.unknown}"
    listed = {arn.rpartition(":alarm:")[2] for each in shown for arn in _alarms(each)}
    metrics = {metric for each in shown for metric in each.metrics}
    for declared in document.alarms:
        alarm = declared.alarm
        if alarm is None or alarm.name in listed:
            continue
        if not (isinstance(alarm, MetricAlarm) and set(alarm.metrics) <= metrics):
            yield (
                f"{declared.place.address} is shown on no dashboard: add it to a panel of kind alarms,"
                " or graph its metric"
            )


def _without(declared: Declared) -> Iterator[str]:
    tags, address = declared.tags, declared.place.address
    if tags.get("severity") not in _SEVERITIES:
        yield f"{address}: tag severity is {tags.get('severity')!r}; use one of {', '.join(_SEVERITIES)}"
    for tag in ("signal", "resource"):
        if not tags.get(tag):
            yield f"{address}: tag {tag} is missing, by which it is found"
    if isinstance(declared.alarm, MetricAlarm) and not tags.get("owner"):
        yield f"{address}: tag owner is missing: whom does it tell?"


def _metrics(document: Document) -> Iterator[Metric]:
    for declared in document.alarms:
        if isinstance(declared.alarm, MetricAlarm):
            yield from declared.alarm.metrics


def _places(document: Document) -> dict[Metric, str]:
    """Each metric that is read, with the first who reads it."""
    places: dict[Metric, str] = {}
    for declared in document.alarms:
        if isinstance(declared.alarm, MetricAlarm):
            for metric in declared.alarm.metrics:
                places.setdefault(metric, declared.place.address)
    for dashboard in dashboards.of(document):
        for widget in dashboard.widgets:
            for series in widget.series:
                if series.metric:
                    places.setdefault(series.metric, f"{dashboard.name}, panel {widget.title!r}")
    return places


def _alarms(dashboard: Dashboard) -> Collection[str]:
    return [arn for widget in dashboard.widgets for arn in widget.alarms]


def _names(resources: Resources) -> Iterator[str]:
    """What dimensions of the resources' metrics are called by; of an index or a client each part of its name."""
    for members in resources.values():
        for key, attributes in members.items():
            yield key
            for value in attributes.values():
                if isinstance(value, str):
                    yield value
                    yield from value.split("/")


def _transformations(values: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    made = values.get("metric_transformation")
    if isinstance(made, list):
        yield from made
