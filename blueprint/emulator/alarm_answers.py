"""What AWS gives back of an alarm and MiniStack 1.5.33 does not, so that Terraform finds what it has put.

Loaded into MiniStack's process by serve.py. MiniStack tells most of an alarm to clients that speak CBOR, as boto3 does;
to those of the Query API, as Terraform's provider, it leaves out descriptions, actions, dimensions and more: every plan
after the first would change every alarm.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

Answer = tuple[int, Mapping[str, str], bytes]
Handler = Callable[..., Answer]

# Kept from the request beside what MiniStack keeps itself.
_KEPT = (
    "ActionsSuppressor",
    "ActionsSuppressorExtensionPeriod",
    "ActionsSuppressorWaitPeriod",
    "EvaluateLowSampleCountPercentile",
    "InsufficientDataActions",
    "Metrics",
)
# What MiniStack fills in where a request says nothing, and AWS leaves out.
_OF_ONE_METRIC = frozenset({"Dimensions", "MetricName", "Namespace", "Period", "Statistic"})


def install() -> None:
    """Have the running MiniStack keep and tell alarms in full."""
    from ministack.services import cloudwatch  # type: ignore[import-not-found]

    cloudwatch._put_metric_alarm = keeping(cloudwatch._alarms, cloudwatch._put_metric_alarm)
    cloudwatch._put_composite_alarm = keeping(
        cloudwatch._composite_alarms, cloudwatch._put_composite_alarm
    )
    cloudwatch._describe_alarms = telling(cloudwatch, cloudwatch._describe_alarms)


def keeping(alarms: Any, put: Handler) -> Handler:
    """PutMetricAlarm or PutCompositeAlarm that keeps in `alarms` what is put, also what is not evaluated here."""

    def kept(params: Any, data: Any, is_cbor: bool, is_json: bool = False) -> Answer:
        answer = put(params, data, is_cbor, is_json)
        asked = data if is_cbor or is_json else nested(params)
        if answer[0] < 300:
            alarms[asked["AlarmName"]].update(
                {name: asked[name] for name in _KEPT if name in asked}
            )
        return answer

    return kept


def telling(cloudwatch: Any, describe: Handler) -> Handler:
    """DescribeAlarms of the Query API, written from the answer that other clients get."""

    def told(params: Any, data: Any, is_cbor: bool, is_json: bool = False) -> Answer:
        if is_cbor or is_json:
            return describe(params, data, is_cbor, is_json)
        status, _, body = describe(params, nested(params), False, True)
        if status >= 300:
            return describe(params, data, is_cbor, is_json)
        found = json.loads(body)
        found["MetricAlarms"] = [_as_asked(alarm) for alarm in found["MetricAlarms"]]
        answer: Answer = cloudwatch._xml(
            200,
            "DescribeAlarmsResponse",
            f"<DescribeAlarmsResult>{xml(found)}</DescribeAlarmsResult>",
        )
        return answer

    return told


def nested(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a Query request as JSON clients send them: `Names.member.1` is the first of a list `Names`."""
    root: dict[str, Any] = {}
    for name, value in params.items():
        node = root
        *parents, last = name.split(".")
        for step in parents:
            node = node.setdefault(step, {})
        node[last] = value[0] if isinstance(value, list) else value
    return {name: _listed(value) for name, value in root.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if set(value) == {"member"}:
        members = value["member"]
        return [_listed(members[position]) for position in sorted(members, key=int)]
    return {name: _listed(item) for name, item in value.items()}


def _as_asked(alarm: Mapping[str, Any]) -> dict[str, Any]:
    left_out = _OF_ONE_METRIC if alarm.get("Metrics") else set()
    if alarm.get("ExtendedStatistic"):
        left_out = {"Statistic"}
    return {name: value for name, value in alarm.items() if name not in left_out}


def xml(value: Any) -> str:
    """`value` as the Query API writes it, without a root: names as elements, items of lists as members."""
    if isinstance(value, Mapping):
        return "".join(
            f"<{name}>{_time(item) if name.endswith('Timestamp') else xml(item)}</{name}>"
            for name, item in value.items()
            if item is not None
        )
    if isinstance(value, list):
        return "".join(f"<member>{xml(item)}</member>" for item in value)
    if isinstance(value, bool):
        return str(value).lower()
    return escape(str(value))


def _time(value: Any) -> str:
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, tz=UTC).isoformat()
    return escape(str(value))
