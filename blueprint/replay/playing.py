"""Plays scenarios to packs: each scenario once, and every pack listens to the same series."""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from blueprint.replay import figures, listening, traffic
from blueprint.replay.figures import Figures
from blueprint.replay.packs import Pack
from blueprint.replay.scenarios import WARM_UP, Scenario
from blueprint.replay.system import System


def play_all(
    scenarios: Sequence[Scenario], packs: Sequence[Pack], system: System
) -> list[list[Figures]]:
    """The figures of every pack, scenario by scenario, in the order given; one process for each processor."""
    one = partial(play_one, packs=packs, system=system)
    if len(scenarios) == 1:
        return [one(scenarios[0])]
    with ProcessPoolExecutor(min(len(scenarios), os.cpu_count() or 1)) as processes:
        return list(processes.map(one, scenarios))


def play_one(scenario: Scenario, packs: Sequence[Pack], system: System) -> list[Figures]:
    """The figures of every pack in one scenario."""
    watched = dict.fromkeys(metric for pack in packs for metric in pack.metrics)
    replay = traffic.play(scenario, system, watched=watched)
    samples = listening.samples_of(replay.recording, watched)
    heard = listening.listen(packs, samples, scenario.minutes, start=WARM_UP)
    return [figures.measure(scenario, pack.name, heard[pack.name]) for pack in packs]
