"""Goes over the gaps of a series: what FILL, DIFF and RATE make of values that are not next to each other."""

from itertools import pairwise

from blueprint.cloudwatch.statistics import Value


def changes(series: list[Value], per: int) -> list[Value]:
    """What each value differs from the one before; per second where data points are `per` seconds apart."""
    found: list[Value] = []
    last: tuple[int, float] | None = None
    for place, value in enumerate(series):
        change = None if value is None or last is None else value - last[1]
        if change is not None and per and last is not None:
            change /= per * (place - last[0])
        found.append(change)
        last = last if value is None else (place, value)
    return found


def repeated(series: list[Value]) -> list[Value]:
    """Each missing value as the one before it, those before the first value as they are."""
    found: list[Value] = []
    for value in series:
        found.append(value if value is not None or not found else found[-1])
    return found


def interpolated(series: list[Value]) -> list[Value]:
    """The values missing between two others on the line from one to the other."""
    found = list(series)
    there = [(place, value) for place, value in enumerate(series) if value is not None]
    for (begin, low), (end, high) in pairwise(there):
        for place in range(begin + 1, end):
            found[place] = low + (high - low) * (place - begin) / (end - begin)
    return found
