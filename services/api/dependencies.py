"""What the routes work with, built once per execution environment on the first request."""

from dataclasses import dataclass
from functools import cache

from services.core import clients
from services.core.model import Clock, utc_now
from services.core.ports import Items, Orders, Profiles, Publisher
from services.core.queue import OrderQueue
from services.core.repository import ItemTable, OrderTable, ProfileTable
from services.core.settings import ApiSettings


@dataclass(frozen=True, slots=True)
class Dependencies:
    items: Items
    profiles: Profiles
    orders: Orders
    publisher: Publisher
    clock: Clock


@cache
def dependencies() -> Dependencies:
    settings = ApiSettings.read()
    dynamodb, table = clients.dynamodb(), settings.table_name
    return Dependencies(
        items=ItemTable(dynamodb, table),
        profiles=ProfileTable(dynamodb, table),
        orders=OrderTable(dynamodb, table),
        publisher=OrderQueue(clients.sqs(), settings.queue_url),
        clock=utc_now,
    )
