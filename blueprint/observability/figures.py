"""The figures behind a signal or an objective in words, as its runbook has to state them under "Why this threshold"."""

import math
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from blueprint.observability.slo import Indicator, Window

_BUDGET_SECONDS = 30 * 86400
_NUMBER = re.compile(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?!\w)")
# A share is written in percent, seconds in minutes and hours, milliseconds in seconds.
_FACTORS = (Decimal(1), Decimal(100), 1 / Decimal(60), 1 / Decimal(3600), 1 / Decimal(1000))


def of_signal(values: Mapping[str, Any]) -> str:
    """The figures of one signal, given as dashboards/alarms.yaml has it."""
    told = f"A {values['severity']}, in {_listed(values['tiers'])}."
    return f"{_condition(values)} Missing data: `{values['missing_data']}`. {told}"


def of_alarm(values: Mapping[str, Any]) -> str:
    """The figures of an alarm that no data file describes, given by the arguments of its Terraform resource."""
    if values.get("threshold_metric_id"):
        band = next(
            query["expression"]
            for query in values["metric_query"]
            if query["id"] == values["threshold_metric_id"]
        )
        read = next(query["metric"][0] for query in values["metric_query"] if query["metric"])
        what = f"{read['stat']} of `{read['metric_name']}` outside `{band}`"
        period = read["period"]
    else:
        sign = {"LessThanThreshold": "<"}[values["comparison_operator"]]
        what = f"{values['statistic']} of `{values['metric_name']}` {sign} {values['threshold']:g}"
        period = values["period"]
    spans = (
        f"{values['datapoints_to_alarm']} of {values['evaluation_periods']} periods of {period} s"
    )
    told = f"A {values['tags']['severity']}, where it is switched on."
    return f"{what} in {spans}. Missing data: `{values['treat_missing_data']}`. {told}"


def of_indicator(indicator: Indicator, windows: tuple[Window, ...]) -> str:
    """The objective and a table of its burn rates: what each pair of windows takes to tell."""
    head = (
        f"Objective: {_percent(indicator.objective)} over 30 days, so {_percent(indicator.budget)} may be bad."
        f"{_counted(indicator)}\n\n"
        "| told as | burn rate | of the budget gone | goes off while |\n|---|---|---|---|\n"
    )
    pairs = [window for window in windows if window.long and indicator.has(window, windows)]
    return head + "\n".join(_row(indicator, pair, windows) for pair in pairs)


def numbers(text: str) -> Iterator[Decimal]:
    """The numbers in `text` that stand by themselves: not those of names such as 5xx or GSI1."""
    for found in _NUMBER.findall(text):
        yield Decimal(found.replace(",", ""))


def sayable(text: str) -> frozenset[Decimal]:
    """Every number that prose may state where `text` holds the figures: they themselves, in usual units."""
    return frozenset(round(number * factor, 6) for number in numbers(text) for factor in _FACTORS)


def _condition(values: Mapping[str, Any]) -> str:
    if "metric" in values:
        what = f"{values['statistic']} of `{values['metric']}`"
    elif "log_pattern" in values:
        what = f"log lines that match `{values['log_pattern']}`"
    else:
        what = f"`{values['expression']}`"
    series = [
        f"`{name}` is the {query['statistic']} of `{query['metric']}`"
        for name, query in values.get("queries", {}).items()
    ]
    where = f", where {_listed(series)}" if series else ""
    spans = f"{values['datapoints']} of {values['evaluation_periods']} periods of {_period(values)}"
    return f"{what} {values['comparison']} {_threshold(values)} in {spans}{where}."


def _threshold(values: Mapping[str, Any]) -> str:
    if "threshold" in values:
        return f"{values['threshold']:g}"
    measure = values["threshold_of"]
    limit = f"{measure['times']:g} x `{measure['attribute']}`"
    return f"{limit}, {measure['at_most']:g} at most," if "at_most" in measure else limit


def _period(values: Mapping[str, Any]) -> str:
    if "period_of" in values:
        return f"{values['period_of']['times']:g} x `{values['period_of']['attribute']}`"
    period = f"{values['period_seconds']} s"
    if "period_at_least" in values:
        return f"{period} (`{values['period_at_least']}` where that is longer)"
    return period


def _counted(indicator: Indicator) -> str:
    if indicator.sli == "latency":
        return f" Bad is what takes longer than {indicator.limit:g} ms."
    if indicator.sli == "freshness":
        return f" Bad is a minute in which the oldest message is older than {indicator.limit:g} s."
    if indicator.minimum_bad is not None:
        return f" Fewer than {indicator.minimum_bad} in a window are none."
    return ""


def _row(indicator: Indicator, pair: Window, windows: tuple[Window, ...]) -> str:
    short = next(
        w for w in windows if not w.long and (w.severity, w.burn) == (pair.severity, pair.burn)
    )
    spent = _percent(pair.burn * pair.seconds / _BUDGET_SECONDS)
    if indicator.sli == "freshness":
        limit = " and ".join(
            f"{minutes(indicator, window)} of {window.seconds // 60}" for window in (pair, short)
        )
        limit = f"{limit} minutes are bad"
    else:
        limit = (
            f"over {_percent(pair.burn * indicator.budget)} are bad,"
            f" over {_window(pair)} and still over {_window(short)}"
        )
    return f"| {pair.severity} | {pair.burn:g} | {spent} | {limit} |"


def minutes(indicator: Indicator, window: Window) -> int:
    """How many minutes of `window` have to be bad until they are more than the budget at its burn rate."""
    return math.floor(round(window.burn * indicator.budget * window.seconds / 60, 8)) + 1


def _window(window: Window) -> str:
    for unit, length in (("d", 86400), ("h", 3600)):
        if window.seconds % length == 0:
            return f"{window.seconds // length} {unit}"
    return f"{window.seconds // 60} min"


def _percent(share: float) -> str:
    return f"{round(share * 100, 6):g}%"


def _listed(words: list[str]) -> str:
    return " and ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])} and {words[-1]}"
