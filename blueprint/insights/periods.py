"""Lengths of time as queries write them, and the moments at which they begin and end."""

import re
from datetime import datetime

from blueprint.insights.values import milliseconds, moment

_SECOND, _MINUTE, _HOUR, _DAY = 1_000, 60_000, 3_600_000, 86_400_000
# Months, quarters and years, which CloudWatch also knows, have no fixed length and are not in this subset; weeks
# neither: it is not documented on which day they begin.
_UNITS = {
    **dict.fromkeys(("ms", "msec", "msecs", "millisecond", "milliseconds"), 1),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), _SECOND),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), _MINUTE),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), _HOUR),
    **dict.fromkeys(("d", "day", "days"), _DAY),
}
SHOWN = "ms, s, m, h, d"


def length(text: str) -> int | None:
    """Milliseconds of a period such as 5m; None where it is none that is understood here."""
    found = re.fullmatch(r"(\d+)([a-z]+)", text.lower())
    if not found or int(found[1]) == 0:
        return None
    unit = _UNITS.get(found[2])
    return unit and int(found[1]) * unit


def floor(at: datetime, period: int) -> datetime:
    """The beginning of the period (in milliseconds) that `at` lies in, counted from 1970."""
    return moment(milliseconds(at) // period * period)


def ceiling(at: datetime, period: int) -> datetime:
    """The first beginning of a period (in milliseconds) that is not before `at`."""
    return moment(-(-milliseconds(at) // period) * period)
