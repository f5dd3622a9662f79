"""The walk over a stack: dependencies first, side by side where possible, nothing new after a failure."""

import threading
import time

import pytest

from blueprint.delivery import driver
from blueprint.errors import BlueprintError
from blueprint.stacks.model import Component, Stack


def stack(**needs: tuple[str, ...]) -> Stack:
    components = {
        name: Component(name, "local", name, {}, depends_on, (), {"key": "terraform.tfstate"})
        for name, depends_on in needs.items()
    }
    return Stack("local", components, emulated=True)


SHOP = {
    "iam": (),
    "table": ("iam",),
    "queue": ("iam",),
    "function": ("table", "queue"),
    "gateway": ("function",),
}


def test_a_component_is_visited_after_all_it_depends_on() -> None:
    visited: list[str] = []

    driver.walk(stack(**SHOP), lambda component: visited.append(component.name))

    assert sorted(visited) == sorted(SHOP)
    for name, needs in SHOP.items():
        assert all(visited.index(need) < visited.index(name) for need in needs)


def test_destruction_goes_the_other_way() -> None:
    visited: list[str] = []

    driver.walk(stack(**SHOP), lambda component: visited.append(component.name), reverse=True)

    for name, needs in SHOP.items():
        assert all(visited.index(need) > visited.index(name) for need in needs)


def test_components_that_do_not_need_each_other_run_side_by_side() -> None:
    together = threading.Barrier(2, timeout=10)

    def visit(component: Component) -> None:
        if component.name in ("table", "queue"):
            together.wait()

    driver.walk(stack(**SHOP), visit)


def test_after_a_failure_nothing_new_starts() -> None:
    visited: list[str] = []

    def visit(component: Component) -> None:
        visited.append(component.name)
        if component.name == "table":
            raise BlueprintError("no table today", remedy="wait")

    with pytest.raises(BlueprintError, match="no table today"):
        driver.walk(stack(**SHOP), visit)

    assert "function" not in visited
    assert "gateway" not in visited


def test_what_runs_at_a_failure_is_finished_but_nothing_follows_it() -> None:
    failed = threading.Event()
    pauses = {"slow": 0.2, "slower": 0.5}
    visited: list[str] = []

    def visit(component: Component) -> None:
        if component.name == "broken":
            failed.set()
            raise BlueprintError("broken")
        if component.name in pauses:
            failed.wait(timeout=10)
            time.sleep(pauses[component.name])
        visited.append(component.name)

    with pytest.raises(BlueprintError, match="broken"):
        driver.walk(stack(broken=(), slow=(), slower=(), follower=("slow",)), visit)

    assert visited == ["slow", "slower"]


def test_a_second_failure_is_not_lost() -> None:
    together = threading.Barrier(2, timeout=10)

    def visit(component: Component) -> None:
        if component.name in ("table", "queue"):
            together.wait()
            raise BlueprintError(f"{component.name} failed", remedy="")

    with pytest.raises(BlueprintError) as failed:
        driver.walk(stack(**SHOP), visit)

    assert "table failed" in failed.value.message
    assert "queue failed" in failed.value.message


def test_chosen_components_are_visited_alone_and_still_in_order() -> None:
    outcomes = driver.walk(
        stack(**SHOP), lambda component: component.name, only=["gateway", "function"]
    )

    assert [outcome.result for outcome in outcomes] == ["function", "gateway"]
