"""Reads loadtests/prices.yaml: every price with its source, and none of which that cannot be said."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from blueprint import data_files, paths
from blueprint.errors import UsageError
from blueprint.prices.model import Allowance, Lasts, Price, Source, Tier

FILE = paths.ROOT / "loadtests" / "prices.yaml"
REGION = "us-east-1"  # the region of every item; others have some
_FORMAT: Mapping[str, Any] = json.loads(
    Path(__file__).with_name("prices.json").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Table:
    """Prices by item and region."""

    prices: Mapping[tuple[str, str], Price]

    @property
    def items(self) -> tuple[str, ...]:
        """Every item that has a price somewhere, sorted."""
        return tuple(sorted({item for item, _ in self.prices}))

    def price(self, item: str, *, region: str = REGION) -> Price:
        """The price of `item` in `region`; UsageError, with what there is, where the table has none."""
        if found := self.prices.get((item, region)):
            return found
        elsewhere = sorted(known for name, known in self.prices if name == item)
        if elsewhere:
            raise UsageError(
                f"loadtests/prices.yaml has no price of {item} in {region}",
                remedy=f"add the row with its source, or use {', '.join(elsewhere)}",
            )
        raise UsageError(
            f"loadtests/prices.yaml has no price of {item}",
            remedy=f"add the row with its source, or use one of: {', '.join(self.items)}",
        )


@cache
def load(file: Path = FILE) -> Table:
    """The table in `file`; UsageError with file and field for a row that is wrong or does not name its source."""
    document = data_files.read(file, _FORMAT)
    name = data_files.shown(file)
    if faults := list(_faults(document)):
        raise UsageError(
            "\n".join(f"{name}: {fault}" for fault in faults), remedy=f"correct {name}"
        )
    sources = {key: Source(**source) for key, source in document["sources"].items()}
    allowances = {
        key: Allowance(
            key,
            Decimal(allowance["quantity"]),
            Lasts(allowance["lasts"]),
            sources[allowance["source"]],
        )
        for key, allowance in document["allowances"].items()
    }
    return Table(
        {
            (row["item"], row["region"]): Price(
                item=row["item"],
                what=row["what"],
                unit=row["unit"],
                region=row["region"],
                tiers=_tiers(row),
                per=Decimal(row.get("per", 1)),
                allowance=allowances[row["allowance"]] if "allowance" in row else None,
                sku=row["sku"],
                source=sources[row["source"]],
            )
            for row in document["prices"]
        }
    )


def _faults(document: Mapping[str, Any]) -> Iterator[str]:
    used: set[str] = set()
    for name, allowance in document["allowances"].items():
        used.add(allowance["source"])
        if allowance["source"] not in document["sources"]:
            yield f"allowances.{name}: source {allowance['source']!r} is not listed"
    seen: set[tuple[str, str]] = set()
    units: dict[str, str] = {}
    for index, row in enumerate(document["prices"]):
        field = f"prices[{index}] ({row['item']}, {row['region']})"
        used.add(row["source"])
        if row["source"] not in document["sources"]:
            yield f"{field}: source {row['source']!r} is not listed"
        if row.get("allowance", next(iter(document["allowances"]))) not in document["allowances"]:
            yield f"{field}: allowance {row['allowance']!r} is not listed"
        if (row["item"], row["region"]) in seen:
            yield f"{field}: it has a price already"
        seen.add((row["item"], row["region"]))
        if units.setdefault(row["item"], row["unit"]) != row["unit"]:
            yield f"{field}: its unit is {units[row['item']]} elsewhere"
        yield from (f"{field}: {fault}" for fault in _tier_faults(row))
    for item, region in sorted(seen):
        if (item, REGION) not in seen:
            yield f"prices: {item} has a price in {region}, but none in {REGION}"
    for name in document["sources"]:
        if name not in used:
            yield f"sources.{name}: no price refers to it"


def _tier_faults(row: Mapping[str, Any]) -> Iterator[str]:
    tiers = row.get("tiers", [{}])
    if "up_to" in tiers[-1]:
        yield "its last tier ends, and nothing says what lies beyond"
    ends = [tier.get("up_to") for tier in tiers[:-1]]
    if None in ends:
        yield "a tier before the last one has no end"
    elif ends != sorted(set(ends)):
        yield "its tiers do not rise"


def _tiers(row: Mapping[str, Any]) -> tuple[Tier, ...]:
    if "tiers" not in row:
        return (Tier(Decimal(row["amount"])),)
    return tuple(
        Tier(Decimal(tier["amount"]), Decimal(tier["up_to"]) if "up_to" in tier else None)
        for tier in row["tiers"]
    )
