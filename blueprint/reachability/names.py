"""Tells alarms apart by name, also those whose names are made only when their document is deployed."""

from collections import Counter
from collections.abc import Sequence

from blueprint.documents.model import Declared
from blueprint.documents.placeholders import Placeholder


class Names:
    """The names of declared alarms; a key is a name that is of one alarm only, unless two have one name.

    `${Errors}` of one template has nothing to do with `${Errors}` of another, so such names hold within their file.
    """

    def __init__(self, declared: Sequence[Declared]) -> None:
        self.of = [_name(each) for each in declared]
        self.keys = [_key(each, name) for each, name in zip(declared, self.of, strict=True)]
        self._shown = dict(zip(self.keys, self.of, strict=True))
        count = Counter(self.keys)
        # What is known only after apply may still come to two names.
        self.twice = {
            key
            for key, name in self._shown.items()
            if count[key] > 1 and not (isinstance(name, Placeholder) and not name.startswith("${"))
        }

    def resolve(self, file: str, name: str) -> str:
        """The key of the alarm that a rule in `file` calls `name`."""
        within = _within(file, name)
        return within if within in self._shown else name

    def shown(self, key: str) -> str:
        """The name behind a key."""
        return self._shown.get(key, key)


def _name(declared: Declared) -> str:
    return declared.alarm.name if declared.alarm else declared.place.address


def _key(declared: Declared, name: str) -> str:
    return _within(declared.place.file, name) if isinstance(name, Placeholder) else name


def _within(file: str, name: str) -> str:
    return f"{file}#{name}"
