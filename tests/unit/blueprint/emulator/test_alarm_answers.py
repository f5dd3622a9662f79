"""Alarms travel through the Query API of the embedded AWS and come back as they were put."""

import json
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

from blueprint.emulator import alarm_answers

FORM = (
    "Action=PutMetricAlarm&AlarmName=a&ActionsEnabled=true&AlarmActions.member.1=arn%3Aone"
    "&AlarmActions.member.2=arn%3Atwo&Metrics.member.1.Id=result&Metrics.member.1.Expression=a%3Eb"
    "&Metrics.member.2.Id=a&Metrics.member.2.MetricStat.Metric.Dimensions.member.1.Name=QueueName"
)


def test_a_form_is_read_as_the_json_it_stands_for() -> None:
    assert alarm_answers.nested(parse_qs(FORM)) == {
        "Action": "PutMetricAlarm",
        "AlarmName": "a",
        "ActionsEnabled": "true",
        "AlarmActions": ["arn:one", "arn:two"],
        "Metrics": [
            {"Id": "result", "Expression": "a>b"},
            {"Id": "a", "MetricStat": {"Metric": {"Dimensions": [{"Name": "QueueName"}]}}},
        ],
    }


def test_more_than_nine_members_keep_their_order() -> None:
    form = "&".join(f"AlarmNames.member.{number}=a{number}" for number in range(1, 13))

    assert alarm_answers.nested(parse_qs(form))["AlarmNames"] == [f"a{n}" for n in range(1, 13)]


def test_an_answer_is_written_as_the_query_api_writes_it() -> None:
    answer = {"On": True, "List": [{"Name": "a<b"}], "None": None, "StateUpdatedTimestamp": 0}

    assert alarm_answers.xml(answer) == (
        "<On>true</On><List><member><Name>a&lt;b</Name></member></List>"
        "<StateUpdatedTimestamp>1970-01-01T00:00:00+00:00</StateUpdatedTimestamp>"
    )


class Server:
    """As much of MiniStack's module as the additions touch: it keeps a name, and tells JSON clients all it keeps."""

    def __init__(self) -> None:
        self.alarms: dict[str, dict[str, Any]] = {}

    def put(self, params: Any, data: Any, is_cbor: bool, is_json: bool = False) -> Any:
        name = params["AlarmName"][0]
        self.alarms[name] = {"AlarmName": name, "Statistic": "Average", "MetricName": ""}
        return 200, {}, b""

    def refuse(self, params: Any, data: Any, is_cbor: bool, is_json: bool = False) -> Any:
        return 400, {}, b"no"

    def describe(self, params: Any, data: Any, is_cbor: bool, is_json: bool = False) -> Any:
        assert is_json
        found = {"MetricAlarms": list(self.alarms.values()), "CompositeAlarms": []}
        return 200, {}, json.dumps(found).encode()

    def answer(self, status: int, root: str, inner: str) -> Any:
        return status, {}, f"<{root}>{inner}</{root}>".encode()


def told(server: Server) -> str:
    module = SimpleNamespace(_xml=server.answer)
    _, _, body = alarm_answers.telling(module, server.describe)({}, {}, False)
    text: str = body.decode()
    return text


def test_metric_queries_come_back_and_what_an_alarm_of_one_metric_has_does_not() -> None:
    server = Server()

    alarm_answers.keeping(server.alarms, server.put)(parse_qs(FORM), {}, False)

    answer = told(server)
    assert "<Metrics><member><Id>result</Id><Expression>a&gt;b</Expression></member>" in answer
    assert "<Name>QueueName</Name>" in answer
    assert "<Statistic>" not in answer
    assert "<MetricName>" not in answer


def test_a_percentile_comes_back_without_the_statistic_it_takes_the_place_of() -> None:
    server = Server()
    server.alarms["a"] = {"AlarmName": "a", "ExtendedStatistic": "p99", "Statistic": "Average"}

    answer = told(server)

    assert "<ExtendedStatistic>p99</ExtendedStatistic>" in answer
    assert "<Statistic>" not in answer


def test_an_alarm_that_is_refused_keeps_nothing() -> None:
    server = Server()

    answer = alarm_answers.keeping(server.alarms, server.refuse)(parse_qs(FORM), {}, False)

    assert answer[0] == 400
    assert server.alarms == {}
