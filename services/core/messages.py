"""The message that announces an order on the queue."""

import json
from dataclasses import asdict, dataclass
from typing import Self

from services.core.errors import MessageError
from services.core.identifiers import is_order_id


@dataclass(frozen=True, slots=True)
class OrderMessage:
    order_id: str
    correlation_id: str

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, body: str) -> Self:
        """Raises MessageError, without the body: it may hold anything."""
        try:
            content = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise MessageError("the message is not JSON") from error
        if not isinstance(content, dict):
            raise MessageError("the message is not a JSON object")
        order_id, correlation_id = content.get("order_id"), content.get("correlation_id")
        if not isinstance(order_id, str) or not is_order_id(order_id):
            raise MessageError("order_id is not an order identifier")
        if not isinstance(correlation_id, str) or not correlation_id:
            raise MessageError("correlation_id is missing")
        return cls(order_id, correlation_id)
