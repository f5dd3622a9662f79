"""A client of the API that speaks through the gateway's events, and checks every answer."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from tests.conftest import Event
from tests.integration.contract import assert_documented


@dataclass(frozen=True)
class Answer:
    status: HTTPStatus
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True)
class Api:
    """`template` is a recorded event; each request is that event, changed where it must be."""

    invoke: Callable[[Event], Event]
    template: Event
    user_id: str | None

    def signed_in_as(self, user_id: str | None) -> "Api":
        return replace(self, user_id=user_id)

    def get(self, path: str, **query: str) -> Answer:
        return self.request("GET", path, query=query)

    def put(self, path: str, body: object) -> Answer:
        return self.request("PUT", path, body=json.dumps(body))

    def place(self, *lines: tuple[str, int], key: str | None = "key-1") -> Answer:
        items = [{"item_id": item_id, "quantity": quantity} for item_id, quantity in lines]
        headers = {} if key is None else {"idempotency-key": key}
        return self.request("POST", "/orders", body=json.dumps({"items": items}), headers=headers)

    def request(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, str] | None = None,
        body: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        event = copy.deepcopy(self.template)
        context = event["requestContext"]
        event["rawPath"] = context["http"]["path"] = path
        event["routeKey"] = context["routeKey"] = f"{method} {path}"
        context["http"]["method"] = method
        event["headers"].pop("idempotency-key")
        event["headers"] |= headers or {}
        # The gateway leaves out what the request does not have.
        for name, value in (("queryStringParameters", query), ("body", body)):
            event.pop(name, None)
            if value:
                event[name] = value
        if self.user_id is None:
            del context["authorizer"]
        else:
            context["authorizer"]["jwt"]["claims"]["sub"] = self.user_id
        raw = self.invoke(event)
        answer = Answer(
            HTTPStatus(raw["statusCode"]),
            {name: str(value) for name, value in raw["headers"].items()},
            json.loads(raw["body"]),
        )
        assert_documented(method, path, answer.status, answer.headers, answer.body)
        return answer
