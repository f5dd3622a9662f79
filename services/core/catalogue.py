"""What can be done with items: look one up, list them."""

import re

from services.core.errors import NotFoundError
from services.core.model import Item, Page
from services.core.ports import Items

_ITEM_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def is_item_id(text: str) -> bool:
    return _ITEM_ID.fullmatch(text) is not None


def get_item(item_id: str, *, items: Items) -> Item:
    # DynamoDB answers an over-long key with an error; no item has one, so there is nothing to ask.
    item = items.get(item_id) if is_item_id(item_id) else None
    if item is None:
        raise NotFoundError("no such item; GET /items lists what can be ordered")
    return item


def list_items(*, limit: int, after: str | None, items: Items) -> Page[Item]:
    """Items by identifier."""
    return items.list_page(limit=limit, after=after)
