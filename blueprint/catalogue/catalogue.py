"""Answers what is known of a metric, and what somebody may have meant who named one that does not exist."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from blueprint.catalogue import namespaces
from blueprint.catalogue.model import Fact

DATA = Path(__file__).with_name("data")
_LIKENESS = 0.6  # of 1; below it a suggestion is a guess


@dataclass(frozen=True)
class Catalogue:
    """Facts by namespace and name; `complete` holds the namespaces whose every metric is listed."""

    complete: frozenset[str] = frozenset()
    _facts: Mapping[tuple[str, str], tuple[Fact, ...]] = field(default_factory=dict)

    @property
    def namespaces(self) -> tuple[str, ...]:
        """Every namespace of which something is known, sorted."""
        return tuple(sorted({namespace for namespace, _ in self._facts}))

    def names(self, namespace: str) -> tuple[str, ...]:
        """The metrics known of `namespace`, sorted; a star at the end of one stands for any text."""
        return tuple(sorted(name for known, name in self._facts if known == namespace))

    def facts(self, namespace: str, name: str) -> tuple[Fact, ...]:
        """What is known of the metric: several facts where kinds of resources share its name, none if nothing is.

        Nothing known of a metric in a namespace that is `namespace_known` means that it does not exist.
        """
        if exact := self._facts.get((namespace, name)):
            return exact
        return tuple(
            replace(fact, name=name)
            for family in self.names(namespace)
            if family.endswith("*") and name.startswith(family[:-1]) and len(name) >= len(family)
            for fact in self._facts[namespace, family]
        )

    def namespace_known(self, namespace: str) -> bool:
        """Whether every metric of `namespace` is listed, so that a name that is not does not exist."""
        return namespace in self.complete

    def nearest(self, namespace: str, name: str) -> str | None:
        """The metric of `namespace` whose name is most like `name`, case aside; None if none is much like it."""
        return _nearest(name, (known for known in self.names(namespace) if not known.endswith("*")))

    def nearest_namespace(self, namespace: str) -> str | None:
        """The namespace most like `namespace`, case aside; None if none is much like it."""
        return _nearest(namespace, self.namespaces)

    def with_metrics(self, facts: Iterable[Fact], *, complete: Iterable[str] = ()) -> "Catalogue":
        """This catalogue and `facts`; the namespaces in `complete` have no metric that is not listed now."""
        merged = dict(self._facts)
        for fact in facts:
            key = (fact.namespace, fact.name)
            merged[key] = (*merged.get(key, ()), fact)
        return Catalogue(self.complete.union(complete), merged)

    def with_file(self, file: Path, *, prefix: str | None = None) -> "Catalogue":
        """This catalogue and the metrics that `file` lists, in the format of the files in blueprint/catalogue/data.

        `prefix` takes the place of {prefix} in the file's namespace. UsageError names the file and each wrong field.
        """
        namespace = namespaces.read(file, prefix=prefix)
        return self.with_metrics(
            namespace.facts, complete=[namespace.name] if namespace.complete else []
        )


@cache
def load(directory: Path = DATA) -> Catalogue:
    """The catalogue of every file in `directory`; UsageError with file and field where one is wrong."""
    catalogue = Catalogue()
    for file in sorted(directory.glob("*.yaml")):
        catalogue = catalogue.with_file(file)
    return catalogue


def _nearest(name: str, known: Iterable[str]) -> str | None:
    spellings: dict[str, str] = {}
    for spelling in known:
        spellings.setdefault(spelling.casefold(), spelling)
    close = get_close_matches(name.casefold(), spellings, n=1, cutoff=_LIKENESS)
    return spellings[close[0]] if close else None
