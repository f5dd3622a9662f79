"""Random counts are right on average, the same everywhere, and apart from each other."""

from collections.abc import Callable
from random import Random
from statistics import fmean, pvariance

import pytest

from blueprint.replay import draws
from blueprint.replay.latency import Latency


def test_a_stream_is_the_same_on_every_machine() -> None:
    stream = draws.stream(1, "deploy-blip", "arrivals")

    assert [stream.getrandbits(16) for _ in range(4)] == [42865, 62534, 63311, 32768]


def test_streams_of_other_subjects_and_seeds_are_others() -> None:
    first = draws.stream(1, "a", "b").random()

    assert first != draws.stream(1, "a", "c").random()
    assert first != draws.stream(2, "a", "b").random()


@pytest.mark.parametrize("mean", [0.0, 0.3, 23.0, 1700.0])
def test_poisson_counts_have_their_mean_and_variance(mean: float) -> None:
    random = draws.stream(7)
    counts = [draws.poisson(random, mean) for _ in range(4000)]

    assert fmean(counts) == pytest.approx(mean, rel=0.07)
    assert pvariance(counts) == pytest.approx(mean, rel=0.1)


@pytest.mark.parametrize(("tries", "share"), [(25, 0.01), (25, 0.9), (30, 0.5), (40_000, 0.3)])
def test_binomial_counts_have_their_mean_and_variance(tries: int, share: float) -> None:
    random = draws.stream(7)
    counts = [draws.binomial(random, tries, share) for _ in range(3000)]

    assert all(0 <= count <= tries for count in counts)
    assert fmean(counts) == pytest.approx(tries * share, rel=0.1)
    assert pvariance(counts) == pytest.approx(tries * share * (1 - share), rel=0.15)


@pytest.mark.parametrize(
    ("draw", "expected"),
    [
        (lambda random: draws.binomial(random, 10, 0.0), 0),
        (lambda random: draws.binomial(random, 10, -1.0), 0),
        (lambda random: draws.binomial(random, 10, 1.0), 10),
        (lambda random: draws.binomial(random, 10, 1.5), 10),
        (lambda random: draws.binomial(random, 0, 0.5), 0),
    ],
)
def test_certain_shares_leave_nothing_to_chance(
    draw: Callable[[Random], int], expected: int
) -> None:
    assert draw(draws.stream(1)) == expected


def test_latencies_have_their_median_and_99th_percentile() -> None:
    drawn = sorted(Latency(70, 420).draw(draws.stream(3), 40_000).elements())

    # A grid of 30% steps cannot be nearer than half a step.
    assert drawn[20_000] == pytest.approx(70, rel=0.15)
    assert drawn[39_600] == pytest.approx(420, rel=0.2)
    assert len(drawn) == 40_000


def test_a_latency_without_spread_is_one_value() -> None:
    assert Latency(50, 50).draw(draws.stream(1), 3) == {50: 3}


def test_no_request_takes_no_time() -> None:
    assert Latency(50, 80).draw(draws.stream(1), 0) == {}
