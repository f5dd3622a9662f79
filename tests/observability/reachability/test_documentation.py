"""docs/alarms-lint.md explains every reason that the lint gives, and its examples are true."""

import re

import yaml

from blueprint import paths
from blueprint.catalogue import catalogue
from blueprint.reachability import codes

PAGE = (paths.ROOT / "docs" / "alarms-lint.md").read_text(encoding="utf-8")


def test_every_reason_has_a_section_in_the_order_of_the_codes() -> None:
    assert re.findall(r"^### (.+)$", PAGE, re.MULTILINE) == [code.name for code in codes.ALL]


def test_the_file_of_metrics_that_is_shown_can_be_read(tmp_path) -> None:
    [example] = [
        block
        for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
        if "OrdersLost" in block
    ]
    assert yaml.safe_load(example)["namespace"] == "Shop"
    file = tmp_path / "shop.yaml"
    file.write_text(example)

    [fact] = catalogue.load().with_file(file).facts("Shop", "OrdersLost")
    assert fact.dimension_sets == (frozenset({"service"}),)
