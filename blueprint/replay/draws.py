"""Random counts that are the same on every machine: one stream per subject, seeded by a text."""

import math
from random import Random

# exp(-700) is about the smallest double; inversion starts from it, so larger means are drawn in parts.
_LARGEST_MEAN = 500.0


def stream(seed: int, *subject: str) -> Random:
    """A stream of its own for `subject`: more draws for one subject never move another's."""
    return Random("/".join((str(seed), *subject)))  # noqa: S311 - traffic, not secrets


def poisson(random: Random, mean: float) -> int:
    """How many of independent events happen when `mean` are expected (0 or more)."""
    total = 0
    while mean > _LARGEST_MEAN:
        total += _poisson(random, _LARGEST_MEAN)
        mean -= _LARGEST_MEAN
    return total + _poisson(random, mean)


def binomial(random: Random, tries: int, share: float) -> int:
    """How many of `tries` succeed when each does with probability `share`, which is held to 0..1."""
    if tries <= 0 or share <= 0:
        return 0
    if share >= 1:
        return tries
    if share > 0.5:
        return tries - binomial(random, tries, 1 - share)
    total = 0
    part = max(1, int(_LARGEST_MEAN / -math.log1p(-share)))
    while tries > part:
        total += _binomial(random, part, share)
        tries -= part
    return total + _binomial(random, tries, share)


def _poisson(random: Random, mean: float) -> int:
    """Inversion: walk up the distribution until it has covered one uniform draw."""
    left = random.random()
    probability = math.exp(-mean)
    count = 0
    while left > probability and probability > 0:
        left -= probability
        count += 1
        probability *= mean / count
    return count


def _binomial(random: Random, tries: int, share: float) -> int:
    left = random.random()
    odds = share / (1 - share)
    probability = math.exp(tries * math.log1p(-share))
    count = 0
    while left > probability and count < tries:
        left -= probability
        count += 1
        probability *= odds * (tries - count + 1) / count
    return count
