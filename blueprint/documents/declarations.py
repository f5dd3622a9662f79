"""Makes an alarm of the arguments a document gives it, and lists each argument that keeps it from being judged.

Arguments come in Terraform's names, whichever language the document is written in.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from blueprint.cloudwatch.model import (
    Actions,
    Alarm,
    Comparison,
    CompositeAlarm,
    LowSamples,
    Metric,
    MetricAlarm,
    MissingData,
    Query,
)
from blueprint.documents.model import Declared, Place
from blueprint.documents.placeholders import Placeholder

Values = Mapping[str, Any]
Spelling = Callable[[str], str]
Choice = TypeVar("Choice", bound=StrEnum)

_ANOMALY = "compares with a band that CloudWatch learns from the past, so no value is known to lie outside of it"


def metric_alarm(
    place: Place, values: Values, lines: Mapping[str, int], spell: Spelling
) -> Declared:
    """The alarm of an `aws_cloudwatch_metric_alarm`; `spell` writes an argument as the document's language does."""
    fields = _Fields(values, spell)
    return fields.declared(place, lines, _metric_alarm(fields, place))


def composite_alarm(
    place: Place, values: Values, lines: Mapping[str, int], spell: Spelling
) -> Declared:
    """The alarm of an `aws_cloudwatch_composite_alarm`."""
    fields = _Fields(values, spell)
    suppressor = _block(values.get("actions_suppressor"))
    inner = fields.inside(suppressor, "actions_suppressor") if suppressor else None
    alarm = CompositeAlarm(
        name=fields.name(place),
        rule=fields.text("alarm_rule", required=True),
        suppressor=inner.loose("alarm") or None if inner else None,
        wait=inner.whole("wait_period", default=0) if inner else 0,
        extension=inner.whole("extension_period", default=0) if inner else 0,
        description=fields.loose("alarm_description"),
        actions=_actions(fields),
    )
    return fields.declared(place, lines, alarm)


class _Fields:
    """Reads arguments by type; what is not known or not valid is noted, and a stand-in is returned."""

    def __init__(self, values: Values, spell: Spelling, prefix: str = "") -> None:
        self.values = values
        self.spell = spell
        self.prefix = prefix
        self.unresolved: list[str] = []
        self.invalid: list[str] = []

    def inside(self, values: Values, name: str) -> "_Fields":
        """Arguments of a nested block; what is noted there is noted here."""
        inner = _Fields(values, self.spell, f"{self.prefix}{name}.")
        inner.unresolved, inner.invalid = self.unresolved, self.invalid
        return inner

    def declared(self, place: Place, lines: Mapping[str, int], alarm: Alarm) -> Declared:
        tags = self.values.get("tags_all") or self.values.get("tags") or {}
        judged = not self.unresolved and not self.invalid
        return Declared(
            place,
            alarm if judged else None,
            tuple(dict.fromkeys(self.unresolved)),
            {str(key): str(value) for key, value in tags.items()}
            if isinstance(tags, Mapping)
            else {},
            tuple(dict.fromkeys(self.invalid)),
            lines,
        )

    def label(self, name: str) -> str:
        return ".".join(
            part if part.endswith("]") else self.spell(part)
            for part in f"{self.prefix}{name}".split(".")
        )

    def refuse(self, name: str, why: str) -> None:
        self.invalid.append(f"{self.label(name)}: {why}")

    def unknown(self, name: str, why: str) -> None:
        self.unresolved.append(f"{self.label(name)}: {why}")

    def has(self, name: str) -> bool:
        return self.values.get(name) not in (None, "", [], {})

    def loose(self, name: str) -> str:
        """Text that decides about nothing: a placeholder is as good as any."""
        value = self.values.get(name)
        return value if isinstance(value, str) else "" if value is None else str(value)

    def name(self, place: Place) -> str:
        return self.loose("alarm_name") or Placeholder(f"${{{place.address}}}", "is made by AWS")

    def text(self, name: str, *, required: bool = False) -> str:
        value = self.values.get(name)
        if isinstance(value, Placeholder):
            self.unknown(name, value.why)
        elif value in (None, ""):
            if required:
                self.refuse(name, "is required")
        elif isinstance(value, str | int | float):
            return str(value)
        else:
            self.refuse(name, f"has to be text, not {type(value).__name__}")
        return ""

    def number(self, name: str, *, default: float | None = None) -> float:
        value = self.values.get(name)
        if isinstance(value, Placeholder):
            self.unknown(name, value.why)
        elif value in (None, ""):
            if default is None:
                self.refuse(name, "is required")
            return 0.0 if default is None else float(default)
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            try:
                number = float(value)
            except (ValueError, OverflowError):
                number = math.nan
            if math.isfinite(number):
                return number
            self.refuse(name, f"{value!r} is not a number")
        else:
            self.refuse(name, f"has to be a number, not {value!r}")
        return 0.0

    def whole(self, name: str, *, default: float | None = None) -> int:
        number = self.number(name, default=default)
        if not number.is_integer():
            self.refuse(name, f"{number} is not a whole number")
        return int(number)

    def choice(self, name: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        stand_in = next(iter(kind))
        value = self.values.get(name)
        if isinstance(value, Placeholder):
            self.unknown(name, value.why)
            return stand_in
        if value in (None, "") and default is not None:
            return default
        try:
            return kind(str(value))
        except ValueError:
            known = ", ".join(kind)
            self.refuse(
                name, "is required" if value in (None, "") else f"{value!r} is none of {known}"
            )
            return stand_in

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.values.get(name)
        if isinstance(value, Placeholder):
            self.unknown(name, value.why)
            return default
        return default if value is None else str(value).lower() == "true"

    def dimensions(self) -> dict[str, str]:
        value = self.values.get("dimensions")
        if isinstance(value, Placeholder):
            self.unknown("dimensions", value.why)
            return {}
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.refuse("dimensions", "has to be a map of names and values")
            return {}
        return {
            str(key): item if isinstance(item, str) else str(item) for key, item in value.items()
        }


def _metric_alarm(fields: _Fields, place: Place) -> MetricAlarm:
    if fields.has("threshold_metric_id"):
        fields.unknown("threshold_metric_id", _ANOMALY)
        comparison, threshold = Comparison.GREATER, 0.0
    else:
        comparison = fields.choice("comparison_operator", Comparison)
        threshold = fields.number("threshold")
    periods = fields.whole("evaluation_periods")
    return MetricAlarm(
        name=fields.name(place),
        queries=_queries(fields),
        comparison=comparison,
        threshold=threshold,
        evaluation_periods=periods,
        # Terraform's provider shows an argument that was left out as 0.
        datapoints=fields.whole("datapoints_to_alarm", default=0) or periods,
        missing_data=fields.choice("treat_missing_data", MissingData, MissingData.MISSING),
        low_samples=fields.choice(
            "evaluate_low_sample_count_percentiles", LowSamples, LowSamples.EVALUATE
        ),
        description=fields.loose("alarm_description"),
        actions=_actions(fields),
    )


def _queries(fields: _Fields) -> tuple[Query, ...]:
    given = fields.values.get("metric_query")
    if isinstance(given, Placeholder):
        fields.unknown("metric_query", given.why)
        return ()
    if not given:
        return (_single(fields),)
    if not isinstance(given, Sequence) or isinstance(given, str):
        fields.refuse("metric_query", "has to be a list")
        return ()
    queries = []
    for index, entry in enumerate(given):
        if isinstance(entry, Placeholder):
            fields.unknown(f"metric_query[{index}]", entry.why)
        elif isinstance(entry, Mapping):
            queries.append(_query(fields.inside(entry, f"metric_query[{index}]")))
        else:
            fields.refuse(f"metric_query[{index}]", "has to be an object")
    returned = [query.id for query in queries if query.returns_data]
    if len(returned) != 1 and not fields.unresolved:
        fields.refuse(
            "metric_query",
            "exactly one entry is compared with the threshold (return_data), here "
            + (", ".join(returned) if returned else "none is"),
        )
    return tuple(queries)


def _single(fields: _Fields) -> Query:
    statistic = fields.text("statistic") or fields.text("extended_statistic")
    if not statistic and not fields.unresolved:
        fields.refuse("statistic", "is required (or extended_statistic)")
    if fields.has("statistic") and fields.has("extended_statistic"):
        fields.refuse("statistic", "and extended_statistic exclude each other")
    return Query(
        id="m1",
        metric=Metric.of(
            fields.text("namespace", required=True),
            fields.text("metric_name", required=True),
            fields.dimensions(),
        ),
        statistic=statistic,
        period=fields.whole("period"),
        unit=fields.text("unit") or None,
    )


def _query(fields: _Fields) -> Query:
    identifier = fields.text("id", required=True)
    returned = fields.flag("return_data", default=False)
    metric = _block(fields.values.get("metric"))
    if metric is None:
        return Query(
            id=identifier,
            expression=fields.text("expression", required=True),
            period=fields.whole("period", default=0),
            returns_data=returned,
        )
    if fields.has("expression"):
        fields.refuse("expression", "and metric exclude each other")
    inner = fields.inside(metric, "metric")
    return Query(
        id=identifier,
        metric=Metric.of(
            inner.text("namespace", required=True),
            inner.text("metric_name", required=True),
            inner.dimensions(),
        ),
        statistic=inner.text("stat", required=True),
        period=inner.whole("period"),
        unit=inner.text("unit") or None,
        returns_data=returned,
    )


def _actions(fields: _Fields) -> Actions:
    def told(name: str) -> tuple[str, ...]:
        value = fields.values.get(name)
        if isinstance(value, str):
            return (value,)
        return tuple(str(item) for item in value) if isinstance(value, Sequence) else ()

    enabled = fields.values.get("actions_enabled")
    return Actions(
        alarm=told("alarm_actions"),
        ok=told("ok_actions"),
        insufficient_data=told("insufficient_data_actions"),
        enabled=str(enabled).lower() != "false",
    )


def _block(value: object) -> Values | None:
    """The one block of a list of blocks (Terraform shows every block as a list), or the object itself."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        first = value[0]
        return first if isinstance(first, Mapping) else None
    return None
