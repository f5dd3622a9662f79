"""Says what a month of use costs: one item, or several that share free allowances."""

from collections.abc import Mapping
from decimal import Decimal

from blueprint.prices import table
from blueprint.prices.model import Lasts, Price
from blueprint.prices.table import REGION, Table


def cost(
    item: str,
    quantity: Decimal | int,
    *,
    free: bool = True,
    region: str = REGION,
    prices: Table | None = None,
) -> Decimal:
    """What `quantity` units of `item` cost a month, in US dollars, not rounded.

    With `free` the account's allowance is whole when the month begins; allowances of an account's first year are
    never counted. UsageError for an item that has no price.
    """
    return bill({item: quantity}, free=free, region=region, prices=prices)[item]


def bill(
    quantities: Mapping[str, Decimal | int],
    *,
    free: bool = True,
    region: str = REGION,
    prices: Table | None = None,
) -> dict[str, Decimal]:
    """What each item costs a month, in US dollars, not rounded; an allowance that items share is used once.

    A shared allowance goes to the dearest item first: AWS does not say which it favours. ValueError for less than
    nothing, UsageError for an item that has no price.
    """
    known = prices or table.load()
    rows = {item: known.price(item, region=region) for item in quantities}
    left = {
        price.allowance.name: price.allowance.quantity
        for price in rows.values()
        if free and price.allowance and price.allowance.lasts is Lasts.ALWAYS
    }
    costs: dict[str, Decimal] = {}
    for item, price in sorted(rows.items(), key=lambda row: row[1].amount, reverse=True):
        quantity = Decimal(quantities[item])
        if quantity < 0:
            raise ValueError(f"{item}: {quantity} is less than nothing")
        costs[item] = price.of(quantity - _taken(price, quantity, left))
    return {item: costs[item] for item in quantities}


def _taken(price: Price, quantity: Decimal, left: dict[str, Decimal]) -> Decimal:
    """How much of `quantity` is free; what is left of the allowance is reduced by it."""
    if not price.allowance or price.allowance.name not in left:
        return Decimal(0)
    taken = min(quantity, left[price.allowance.name])
    left[price.allowance.name] -= taken
    return taken
