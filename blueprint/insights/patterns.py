"""Patterns of `like` and `parse` as regular expressions of Python."""

import re

# CloudWatch names a group (?<name>...), Python (?P<name>...); (?<= and (?<! mean the same in both.
_GROUP = re.compile(r"\(\?<(?=[A-Za-z_])")
_FLAG_AFTER_START = re.compile(r"^\^\(\?i\)")


def regular(text: str) -> re.Pattern[str]:
    """The expression between two slashes; re.error where it is none."""
    unescaped = text.replace(r"\/", "/")
    # Python wants a flag at the very start, CloudWatch also takes it behind the anchor.
    flagged = _FLAG_AFTER_START.sub("(?i)^", unescaped)
    return re.compile(_GROUP.sub("(?P<", flagged))


def glob(text: str) -> re.Pattern[str]:
    """A pattern of `parse` in which each star stands for the least text that fits, and a last star for the rest."""
    *parts, last = (re.escape(part) for part in text.split("*"))
    if not parts:
        return re.compile(last)
    return re.compile("(.*?)".join(parts) + ("(.*?)" + last if last else "(.*)"), re.DOTALL)
