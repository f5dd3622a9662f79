"""What is known of one price: how much, for what, from which page, and what of it is free."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Lasts(StrEnum):
    """How long an account has a free allowance."""

    ALWAYS = "always"
    FIRST_YEAR = "first-year"
    """Twelve months of accounts that were opened under AWS's old free tier."""


@dataclass(frozen=True)
class Source:
    """Where a figure was read: `as_of` is the day it was true (or "undated"), `read_on` the day we read it."""

    page: str
    url: str
    as_of: str
    read_on: str


@dataclass(frozen=True)
class Allowance:
    """Units a month that an account has free; items that name the same allowance share it."""

    name: str
    quantity: Decimal
    lasts: Lasts
    source: Source


@dataclass(frozen=True)
class Tier:
    """A price up to so many units a month; the last tier has no end."""

    amount: Decimal
    up_to: Decimal | None = None


@dataclass(frozen=True)
class Price:
    """What one item costs in one region, in US dollars before tax.

    A tier's amount is for `per` units. `sku` is that of the AWS Price List, "none published" where the list has none
    and "not read" where the source did not give it.
    """

    item: str
    what: str
    unit: str
    region: str
    tiers: tuple[Tier, ...]
    per: Decimal
    allowance: Allowance | None
    sku: str
    source: Source

    @property
    def amount(self) -> Decimal:
        """What one unit costs in the first tier."""
        return self.tiers[0].amount / self.per

    def of(self, quantity: Decimal) -> Decimal:
        """What `quantity` paid units cost, tier by tier; nothing of it is free."""
        cost, counted = Decimal(0), Decimal(0)
        for tier in self.tiers:
            end = quantity if tier.up_to is None else min(quantity, tier.up_to)
            cost += max(end - counted, Decimal(0)) * tier.amount
            counted = max(end, counted)
        return cost / self.per
