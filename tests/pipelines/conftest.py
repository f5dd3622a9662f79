"""Simulators: one on a repository of a few lines, and one on the small project with three accounts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from blueprint.emulator import server
from blueprint.emulator.instance import Instance
from tests.fakes_github import FakeGithub
from tests.pipelines import plain_path, repository
from tests.pipelines.accounts import Accounts
from tests.pipelines.bootstrap import bootstrap
from tests.pipelines.events import REPOSITORY
from tests.pipelines.plain_path import PlainPath
from tests.pipelines.simulator import Simulator
from tests.pipelines.world import STAGES, World

_TABLE = pytest.StashKey[World]()


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Simulator]:
    """A simulator on an empty repository, without AWS: for what needs workflows of its own."""
    nowhere = Instance(id="", pid=0, started="", port=9, persist=False)
    made = repository.empty(tmp_path / "repository")
    with FakeGithub(repository=REPOSITORY, git=made.origin) as github:
        simulator = Simulator(tmp_path, made, Accounts(nowhere), github)
        yield simulator
        simulator.close()


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[World]:
    """The small project on GitHub, and three accounts that are bootstrapped and empty otherwise."""
    directory = tmp_path_factory.mktemp("world")
    aws = directory / "aws"
    instance = server.start(aws)
    try:
        made = repository.create(directory / "repository")
        with FakeGithub(repository=REPOSITORY, git=made.origin) as github:
            simulator = Simulator(directory, made, Accounts(instance), github)
            for position, stage in enumerate(STAGES):
                ready = list(STAGES[:position])
                simulator.variables |= bootstrap(simulator, stage, ready=ready)
            world = World(simulator)
            pytestconfig.stash[_TABLE] = world
            yield world
            simulator.close()
    finally:
        server.stop(aws)


@pytest.fixture(scope="session")
def path(world: World) -> PlainPath:
    """The plain path, walked once: everything else starts where it ends."""
    return plain_path.walk(world)


@pytest.fixture
def settled(world: World, path: PlainPath) -> World:
    """A world in which every environment is what its pointer says."""
    assert path["release"].result.ok, path["release"].result.explain()
    for stage in STAGES:
        world.settled(stage)
    return world


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: takes minutes; only `make pipelines` runs it")


# Scenarios share a world, and each leaves it settled: in this order the next finds what it builds on.
_ORDER = (
    "runner",
    "plain_path",
    "fork",
    "interruptions",
    "refusals",
    "order",
    "drift",
    "removal",
    "functions",
    "preview",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        name = item.path.stem.removeprefix("test_")
        return _ORDER.index(name) if name in _ORDER else -1

    items.sort(key=place)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """What the scenarios cost, and what they deployed."""
    if (world := config.stash.get(_TABLE, None)) is None:
        return
    terminalreporter.section("scenarios")
    terminalreporter.line(f"{'scenario':<64}{'seconds':>8}{'runs':>6}{'deploys':>9}{'wrong':>7}")
    for each in world.scenarios:
        terminalreporter.line(
            f"{each.name:<64}{each.seconds:>8.0f}{each.runs:>6}{len(each.deploys):>9}{len(each.wrong):>7}"
        )
    deploys = sum(len(each.deploys) for each in world.scenarios)
    wrong = sum(len(each.wrong) for each in world.scenarios)
    seconds = sum(each.seconds for each in world.scenarios)
    terminalreporter.line(
        f"{len(world.scenarios)} scenarios, {deploys} deploys, {wrong} wrong, {seconds:.0f} s"
    )
