"""Reads dashboards/scenarios: a month of traffic, what goes wrong in it, and what a person should have heard."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from blueprint import data_files, paths
from blueprint.errors import UsageError
from blueprint.replay.latency import Latency

DIRECTORY = paths.ROOT / "dashboards" / "scenarios"
SCHEMA = paths.ROOT / "dashboards" / "schemas" / "scenarios.json"

MINUTES_A_DAY = 24 * 60
# Before day 1 an ordinary day passes to which nobody listens: an alarm over hours is not judged by its first minutes.
WARM_UP = MINUTES_A_DAY

Hears = Literal["page", "ticket", "nothing"]


@dataclass(frozen=True)
class Traffic:
    """Ordinary traffic. Shares are 0..1 of all requests unless said otherwise.

    `raised_share` is of the failed requests: those that end the function's invocation with an error, while the
    function answers the others with 500 or 503 itself. `gateway_share` is of the client errors: those that the
    gateway refuses without asking the function. `processing_failure_share` is of the messages.
    """

    requests_per_month: int
    busiest_hour_utc: int
    night_share: float
    weekend_share: float
    latency: Latency
    cold_start_share: float
    cold_start: Latency
    server_error_share: float
    raised_share: float
    client_error_share: float
    gateway_share: float
    order_share: float
    sign_in_share: float
    processing: Latency
    processing_failure_share: float


@dataclass(frozen=True)
class Conditions:
    """What is different in one minute; the default is an ordinary minute. Shares are 0..1.

    `schedule` is what becomes of the schedule: it runs, it does not run at all (stopped), its function fails on
    every attempt (failing), or the Scheduler may not invoke it (refused).
    """

    traffic_factor: float = 1
    api_failure_share: float = 0
    api_failure_raises: bool = True
    slow_share: float = 0
    slow_latency: Latency = field(default=Latency(1, 1))
    table_throttled_share: float = 0
    throttled_function: str = ""
    throttled_share: float = 0
    consumer_stopped: bool = False
    processing_failure_share: float = 0
    schedule: Literal["running", "stopped", "failing", "refused"] = "running"
    client_error_share: float = 0
    sign_in_throttled_share: float = 0


@dataclass(frozen=True)
class Poison:
    """`count` messages that can never be processed; one that `raises` takes the whole invocation with it."""

    count: int
    raises: bool


@dataclass(frozen=True)
class Fault:
    """Something that happens, from minute `start` for `minutes`, and what a person should hear of it.

    `within_minutes` counts from the start. Until `recovery_minutes` after the end, what is heard is about this fault.
    """

    name: str
    start: int
    minutes: int
    conditions: Conditions
    poison: Poison | None
    hears: Hears
    within_minutes: int
    recovery_minutes: int

    @property
    def end(self) -> int:
        """First minute in which the cause is gone."""
        return self.start + self.minutes

    def covers(self, minute: int) -> bool:
        """Whether something heard in `minute` may be about this fault."""
        return self.start <= minute < self.end + self.recovery_minutes


@dataclass(frozen=True)
class Scenario:
    """One file of dashboards/scenarios. `name` is the file's, without its ending."""

    name: str
    title: str
    seed: int
    days: int
    traffic: Traffic
    faults: tuple[Fault, ...]
    most_false_pages_a_week: float

    @property
    def minutes(self) -> int:
        """Length of what is played: the warm-up, and then the days. Minute WARM_UP is 0:00 of day 1."""
        return WARM_UP + self.days * MINUTES_A_DAY

    @property
    def weeks(self) -> float:
        """Length of the days that are judged, in weeks."""
        return self.days / 7


def names(directory: Path = DIRECTORY) -> tuple[str, ...]:
    """Every scenario there is, by name."""
    return tuple(sorted(file.stem for file in directory.glob("*.yaml")))


def load(name: str, directory: Path = DIRECTORY) -> Scenario:
    """The scenario called `name`; UsageError where there is none, or where its file does not hold."""
    document = _document(name, directory)
    base = document.get("based_on")
    if base is not None and "based_on" in _document(base, directory):
        raise UsageError(
            f"{name}.yaml: based_on: {base} is itself based on another scenario",
            remedy="name the scenario that gives all of traffic",
        )
    traffic = {**(_document(base, directory)["traffic"] if base else {})}
    traffic.update(document.get("traffic", {}))
    missing = [key for key in _traffic_keys() if key not in traffic]
    if missing:
        raise UsageError(
            f"{name}.yaml: traffic: {', '.join(missing)} missing",
            remedy="give every key of traffic, or name in based_on a scenario that does",
        )
    scenario = Scenario(
        name=name,
        title=document["title"],
        seed=document["seed"],
        days=document["days"],
        traffic=_traffic(traffic),
        faults=tuple(_fault(fault) for fault in document.get("faults", [])),
        most_false_pages_a_week=document["most_false_pages_a_week"],
    )
    _check_times(scenario)
    return scenario


def with_seed(scenario: Scenario, seed: int | None) -> Scenario:
    """The same scenario with other dice; None leaves the file's."""
    return scenario if seed is None else replace(scenario, seed=seed)


def _document(name: str, directory: Path) -> Mapping[str, Any]:
    known = names(directory)
    if name not in known:
        raise UsageError(
            f"there is no scenario {name!r}; there are {', '.join(known)}",
            remedy=f"name one of them, or add {data_files.shown(directory / name)}.yaml",
        )
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    document: Mapping[str, Any] = data_files.read(directory / f"{name}.yaml", schema)
    return document


def _traffic_keys() -> list[str]:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return list(schema["properties"]["traffic"]["properties"])


def _traffic(values: Mapping[str, Any]) -> Traffic:
    plain = {key: value for key, value in values.items() if not key.endswith("_ms")}
    return Traffic(
        latency=_latency(values["latency_ms"]),
        cold_start=_latency(values["cold_start_ms"]),
        processing=_latency(values["processing_ms"]),
        **plain,
    )


def _latency(values: Mapping[str, float]) -> Latency:
    return Latency(median=values["median"], p99=values["p99"])


def _fault(values: Mapping[str, Any]) -> Fault:
    starts = values["starts"]
    hour, minute = (int(part) for part in starts["at"].split(":"))
    effect = values["effect"]
    return Fault(
        name=values["name"],
        start=WARM_UP + (starts["day"] - 1) * MINUTES_A_DAY + hour * 60 + minute,
        minutes=values["minutes"],
        conditions=_conditions(effect),
        poison=Poison(**effect["poison_messages"]) if "poison_messages" in effect else None,
        hears=values["hears"],
        within_minutes=values.get("within_minutes", 0),
        recovery_minutes=values.get("recovery_minutes", 60),
    )


def _conditions(effect: Mapping[str, Any]) -> Conditions:
    conditions = Conditions(
        traffic_factor=effect.get("traffic_factor", 1),
        client_error_share=effect.get("client_error_share", 0),
        table_throttled_share=effect.get("table_throttled_share", 0),
        sign_in_throttled_share=effect.get("sign_in_throttled_share", 0),
        processing_failure_share=effect.get("processing_failure_share", 0),
        consumer_stopped=effect.get("consumer_stopped", False),
        schedule=effect.get("schedule", "running"),
    )
    if "api_failures" in effect:
        failures = effect["api_failures"]
        conditions = replace(
            conditions,
            api_failure_share=failures["share"],
            api_failure_raises=failures["raises"],
        )
    if "slow" in effect:
        slow = effect["slow"]
        conditions = replace(
            conditions, slow_share=slow["share"], slow_latency=_latency(slow["latency_ms"])
        )
    if "function_throttled" in effect:
        throttled = effect["function_throttled"]
        conditions = replace(
            conditions,
            throttled_function=throttled["function"],
            throttled_share=throttled["share"],
        )
    return conditions


def _check_times(scenario: Scenario) -> None:
    """Faults lie within the replay and one after another, so that each thing heard is about one of them."""
    before: Fault | None = None
    for fault in sorted(scenario.faults, key=lambda fault: fault.start):
        if fault.end + fault.recovery_minutes > scenario.minutes:
            raise UsageError(
                f"{scenario.name}.yaml: faults: {fault.name!r} and its recovery last longer than "
                f"the {scenario.days} days",
                remedy="start it earlier, or give the scenario more days",
            )
        if before is not None and before.covers(fault.start):
            raise UsageError(
                f"{scenario.name}.yaml: faults: {fault.name!r} starts before {before.name!r} has recovered",
                remedy="keep them apart: what is heard in between would be about either",
            )
        before = fault
