"""/items: what can be ordered."""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from services.api import requests
from services.api.dependencies import dependencies
from services.core import catalogue, cursor

router = APIGatewayHttpRouter()


@router.get("/items")
def list_items() -> dict[str, Any]:
    page = catalogue.list_items(
        limit=requests.limit(router.current_event),
        after=requests.page_start(router.current_event, is_valid=catalogue.is_item_id),
        items=dependencies().items,
    )
    return {
        "items": [asdict(item) for item in page.entries],
        "next_cursor": cursor.encode(page.next_key) if page.next_key else None,
    }


@router.get("/items/<item_id>")
def get_item(item_id: str) -> dict[str, Any]:
    return asdict(catalogue.get_item(item_id, items=dependencies().items))
