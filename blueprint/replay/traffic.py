"""Plays one scenario minute by minute, and hands back every series that CloudWatch would hold."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from blueprint.cloudwatch.model import Metric
from blueprint.replay import draws
from blueprint.replay.concurrency import Concurrency
from blueprint.replay.dead_letters import DeadLetters
from blueprint.replay.queues import Orders, Totals
from blueprint.replay.recording import Recording
from blueprint.replay.requests import Api
from blueprint.replay.scenarios import MINUTES_A_DAY, WARM_UP, Conditions, Scenario, Traffic
from blueprint.replay.schedules import Schedule
from blueprint.replay.sign_ins import SignIns
from blueprint.replay.system import System
from blueprint.replay.table import Table

_ORDINARY = Conditions()


@dataclass(frozen=True)
class Replay:
    """What one scenario left behind: the series, and the account of the orders queue's messages."""

    recording: Recording
    messages: Totals


def play(
    scenario: Scenario, system: System, *, watched: Collection[Metric] | None = None
) -> Replay:
    """Run the whole scenario. The same scenario, seed and system give the same series everywhere.

    Only series in `watched` are kept; None keeps all.
    """
    recording = Recording(watched)
    concurrency = Concurrency(system, recording)
    orders_dlq, refused, failed = (
        DeadLetters(system.queue(key), recording)
        for key in ("orders-dlq", "schedule-dlq", "failures")
    )
    api = Api(scenario, system, recording, concurrency)
    orders = Orders(scenario, system, recording, concurrency, orders_dlq)
    schedule = Schedule(system, recording, concurrency, refused=refused, failed=failed)
    table = Table(scenario, system, recording)
    sign_ins = SignIns(scenario, system, recording)
    arrivals = draws.stream(scenario.seed, scenario.name, "arrivals")
    rates = _rates(scenario.traffic)
    conditions = _by_minute(scenario)
    starts = {fault.start: fault for fault in scenario.faults}
    ends = {fault.end for fault in scenario.faults}

    for minute in range(scenario.minutes):
        now = conditions[minute]
        if minute in ends:
            for dead_letters in (orders_dlq, refused, failed):
                dead_letters.empty(minute)
        poison = starts[minute].poison if minute in starts else None
        rate = rates[(minute - WARM_UP) % len(rates)] * now.traffic_factor
        outcome = api.minute(minute, draws.poisson(arrivals, rate), now)
        confirmed = orders.minute(minute, outcome.orders, now, poison)
        schedule.minute(minute, now)
        table.minute(minute, outcome, confirmed, now)
        sign_ins.minute(minute, outcome.requests, now)
        for dead_letters in (orders_dlq, refused, failed):
            dead_letters.minute(minute)
        concurrency.close(minute, exhausted=bool(now.throttled_function))
    return Replay(recording, orders.totals)


def _rates(traffic: Traffic) -> Sequence[float]:
    """Requests expected in each minute of a week that starts on Monday at 0:00 UTC."""
    shape = [
        _of_day(traffic, minute % MINUTES_A_DAY)
        * (traffic.weekend_share if minute // MINUTES_A_DAY >= 5 else 1)
        for minute in range(7 * MINUTES_A_DAY)
    ]
    mean = traffic.requests_per_month / (30 * MINUTES_A_DAY)
    scale = mean * len(shape) / sum(shape)
    return [value * scale for value in shape]


def _of_day(traffic: Traffic, minute: int) -> float:
    """Traffic over the day, from night_share to 1 at the busiest hour."""
    turn = 2 * math.pi * (minute / 60 - traffic.busiest_hour_utc) / 24
    return traffic.night_share + (1 - traffic.night_share) * (1 + math.cos(turn)) / 2


def _by_minute(scenario: Scenario) -> Sequence[Conditions]:
    conditions = [_ORDINARY] * scenario.minutes
    for fault in scenario.faults:
        conditions[fault.start : fault.end] = [fault.conditions] * fault.minutes
    return conditions
