"""The contract: generated files are current, and the API routes exactly what it promises."""

import re
import shutil
from pathlib import Path

import pytest

from blueprint.contract import check, render
from blueprint.contract.openapi import CONTRACT, load, operations
from blueprint.errors import BlueprintError, UsageError
from blueprint.paths import ROOT
from services.api.handler import app


def test_generated_files_are_what_the_contract_says() -> None:
    check(ROOT)


def test_every_operation_is_routed_and_every_route_is_in_the_contract() -> None:
    routed = {(route.method, route.path) for route in app._static_routes + app._dynamic_routes}
    promised = {
        (operation.method, re.sub(r"{(\w+)}", r"<\1>", operation.path))
        for operation in operations(load(ROOT))
    }

    assert routed == promised


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A repository of its own that holds the contract and what is generated from it."""
    for path in [ROOT / CONTRACT, *render(ROOT)]:
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return tmp_path


def change(root: Path, before: str, after: str) -> None:
    text = (root / CONTRACT).read_text()
    assert before in text
    (root / CONTRACT).write_text(text.replace(before, after, 1))


def test_a_changed_contract_makes_generated_files_stale(copy: Path) -> None:
    check(copy)
    change(copy, "maximum: 99", "maximum: 98")

    with pytest.raises(BlueprintError, match=r"says: services/api/validators.py$") as stale:
        check(copy)

    assert stale.value.remedy == "run `blueprint contract render`"


def test_rendering_makes_them_current_again(copy: Path) -> None:
    change(copy, "- oauth2: [items.read]", "- oauth2: [orders.read]")
    for path, text in render(copy).items():
        path.write_text(text)

    check(copy)

    assert '"GET /items": "orders.read"' in (copy / "services/authorizer/scopes.py").read_text()


def test_a_missing_generated_file_is_named(copy: Path) -> None:
    (copy / "services/api/methods.py").unlink()

    with pytest.raises(BlueprintError, match=r"services/api/methods\.py"):
        check(copy)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("      security: []\n", "", "GET /health .* does not say who may call it"),
        (
            "oauth2: [items.read]",
            "oauth2: [items.raed]",
            "GET /items .* needs scope items.raed, which is not declared",
        ),
        (
            "oauth2: [items.read]",
            "oauth2: [items.read, orders.read]",
            "GET /items .* must name exactly one oauth2 scope",
        ),
        (
            'schema: { $ref: "#/components/schemas/PutProfile" }',
            "schema: { type: object }",
            "request body of PUT /users/me .* is not a named JSON schema",
        ),
        ("paths:\n", "path:\n", "has no `paths`"),
        ("openapi: 3.1.0", "openapi: [", "cannot read"),
    ],
    ids=["no security", "unknown scope", "two scopes", "unnamed schema", "no paths", "no YAML"],
)
def test_an_incomplete_contract_is_refused_by_the_route(
    copy: Path, before: str, after: str, message: str
) -> None:
    change(copy, before, after)

    with pytest.raises(UsageError, match=message):
        render(copy)


def test_a_repository_without_a_contract_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read services/api/openapi\.yaml"):
        render(tmp_path)
