"""Which requests X-Ray records: what rules can decide at all, what they come to, and rules that have no effect."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache

from blueprint.documents.model import Document
from blueprint.errors import BlueprintError
from blueprint.observability.inventory import Inventory

MONTH_SECONDS = 30 * 24 * 3600
_RULE = "aws_xray_sampling_rule"
_STAGE = "AWS::ApiGateway::Stage"
_FUNCTION = "AWS::Lambda::Function"
_WILD = re.compile(r"[*?]+")


class Origin(StrEnum):
    """Who meets a request first, and so decides whether it is traced. Only a stage and an SDK ask X-Ray's rules."""

    REST_STAGE = "rest_stage"
    SDK = "sdk"
    LAMBDA = "lambda"

    @property
    def follows_rules(self) -> bool:
        return self is not Origin.LAMBDA


@dataclass(frozen=True)
class Rule:
    """A sampling rule: `reservoir` traces a second, then the fraction `rate` of the rest.

    Patterns know * (any text) and ? (one character).
    """

    name: str
    priority: int
    reservoir: int
    rate: float
    service_name: str = "*"
    service_type: str = "*"
    host: str = "*"
    method: str = "*"
    path: str = "*"
    resource_arn: str = "*"
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def patterns(self) -> tuple[str, ...]:
        """What it compares, always in one order."""
        return (
            self.service_name,
            self.service_type,
            self.host,
            self.method,
            self.path,
            self.resource_arn,
        )


# X-Ray's own: whoever follows rules and meets no other one follows this one; Lambda always does.
DEFAULT = Rule("Default", 10_000, 1, 0.05)


@dataclass(frozen=True)
class Root:
    """Where traces begin, with how many requests a second on average; `active` is false where nothing is traced.

    `service_name` and the like may be patterns: * where the requests differ.
    """

    name: str
    origin: Origin
    requests_per_second: float
    service_name: str
    service_type: str
    host: str = "*"
    method: str = "*"
    path: str = "*"
    resource_arn: str = "*"
    active: bool = True

    @property
    def patterns(self) -> tuple[str, ...]:
        """What a rule compares, in the order of a rule's."""
        return (
            self.service_name,
            self.service_type,
            self.host,
            self.method,
            self.path,
            self.resource_arn,
        )


class Reason(StrEnum):
    """Why a rule has no effect."""

    FIXED_RATE = "fixed-rate"
    SHADOWED = "shadowed"
    MATCHES_NOTHING = "matches-nothing"


@dataclass(frozen=True)
class Finding:
    """A rule without effect."""

    rule: str
    reason: Reason
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"sampling rule {self.rule}: {self.message} ({self.remedy})"


@dataclass(frozen=True)
class Recorded:
    """What becomes of a root's requests: at most so many traces a month, and which share of the requests that is."""

    root: str
    rule: str | None
    traces_per_month: float
    share: float


def of(document: Document) -> tuple[Rule, ...]:
    """The sampling rules that `document` declares."""
    return tuple(
        _rule(resource.values) for resource in document.resources if resource.type == _RULE
    )


def roots(
    inventory: Inventory, requests_per_second: Mapping[str, float], *, active: bool = True
) -> tuple[Root, ...]:
    """Where the traces of a stack begin; `requests_per_second` is by role of a function.

    The entry `api` is also that of a REST API's stage, which functions behind it follow. An HTTP API traces nothing, so
    that each function it calls is a root. `active` is whether tracing_mode is Active; a stage is taken to trace.
    """
    api = inventory.api
    is_rest = api is not None and api.type == "rest"
    found: list[Root] = []
    if api is not None and is_rest:
        found.append(
            Root(
                name=f"{api.name}/{api.stage}",
                origin=Origin.REST_STAGE,
                requests_per_second=requests_per_second.get("api", 0.0),
                service_name=f"{api.name}/{api.stage}",
                service_type=_STAGE,
            )
        )
    for role, function in inventory.functions.items():
        if is_rest and function.invoked_by in ("api", "gateway"):
            continue
        found.append(
            Root(
                name=function.name,
                origin=Origin.LAMBDA,
                requests_per_second=requests_per_second.get(role, 0.0),
                service_name=function.name,
                service_type=_FUNCTION,
                active=active,
            )
        )
    return tuple(found)


def check(rules: Iterable[Rule], where: Sequence[Root]) -> list[Finding]:
    """Every rule that cannot have an effect on traces that begin at `where`, by priority."""
    ordered = sorted(rules, key=lambda rule: (rule.priority, rule.name))
    findings = []
    for index, rule in enumerate(ordered):
        first = next((other for other in ordered[:index] if _first(other, rule)), None)
        if found := _without_root(rule, where):
            findings.append(found)
        elif first:
            findings.append(
                Finding(
                    rule.name,
                    Reason.SHADOWED,
                    f"{first.name} (priority {first.priority}) comes first and matches everything it does",
                    f"give it a priority below {first.priority}, or remove it",
                )
            )
    return findings


def estimate(rules: Iterable[Rule], where: Sequence[Root]) -> tuple[Recorded, ...]:
    """At most how many traces each root begins in a month of 30 days.

    The most, because even traffic makes the most of a reservoir. A reservoir is shared by all who follow its rule;
    Lambda's is taken as each function's own. BlueprintError where a rule decides about a part of a root's requests.
    """
    ordered = sorted(rules, key=lambda rule: (rule.priority, rule.name))
    deciding = {root.name: _deciding(root, ordered) for root in where}
    together: dict[str, float] = {}
    for root in where:
        rule = deciding[root.name]
        if rule is not None:
            together[rule.name] = together.get(rule.name, 0.0) + root.requests_per_second
    return tuple(_recorded(root, deciding[root.name], together) for root in where)


def usd(traces_per_month: float, *, per_million: float, free: float = 100_000) -> float:
    """What recording so many traces costs a month, above the account's free ones."""
    return max(0.0, traces_per_month - free) / 1_000_000 * per_million


def _rule(values: Mapping[str, object]) -> Rule:
    def text(name: str) -> str:
        return str(values.get(name) or "*")

    attributes = values.get("attributes")
    return Rule(
        name=str(values.get("rule_name", "")),
        priority=int(str(values.get("priority", 9999))),
        reservoir=int(str(values.get("reservoir_size", 0))),
        rate=float(str(values.get("fixed_rate", 0))),
        service_name=text("service_name"),
        service_type=text("service_type"),
        host=text("host"),
        method=text("http_method"),
        path=text("url_path"),
        resource_arn=text("resource_arn"),
        attributes=dict(attributes) if isinstance(attributes, Mapping) else {},
    )


def _without_root(rule: Rule, where: Sequence[Root]) -> Finding | None:
    met = [root for root in where if _meet(rule, root)]
    if any(root.origin.follows_rules for root in met):
        return None
    if met:
        names = ", ".join(root.name for root in met)
        return Finding(
            rule.name,
            Reason.FIXED_RATE,
            f"the traces it is about begin in Lambda ({names}), whose rate is fixed: one a second and 5% of the rest",
            "remove it; tracing_mode of the lambda component is what can be chosen",
        )
    return Finding(
        rule.name,
        Reason.MATCHES_NOTHING,
        "no trace begins at anything it matches",
        "correct its service, host, method or path, or remove it",
    )


def _first(wider: Rule, rule: Rule) -> bool:
    """Whether `wider`, which X-Ray asks before `rule`, matches all that `rule` does."""
    return (
        wider.priority < rule.priority
        and all(
            covers(one, other) for one, other in zip(wider.patterns, rule.patterns, strict=True)
        )
        and all(
            name in rule.attributes and covers(pattern, rule.attributes[name])
            for name, pattern in wider.attributes.items()
        )
    )


def _meet(rule: Rule, root: Root) -> bool:
    return all(meet(one, other) for one, other in zip(rule.patterns, root.patterns, strict=True))


def _deciding(root: Root, ordered: Sequence[Rule]) -> Rule | None:
    if not root.active:
        return None
    if not root.origin.follows_rules:
        # Its own reservoir, so its own rule.
        return replace(DEFAULT, name=f"Lambda {root.name}")
    for rule in ordered:
        if not _meet(rule, root):
            continue
        whole = not rule.attributes and all(
            covers(one, other) for one, other in zip(rule.patterns, root.patterns, strict=True)
        )
        if not whole:
            raise BlueprintError(
                f"The sampling rule {rule.name} is about a part of the requests of {root.name}.",
                remedy="Give the traffic it tells apart as a root of its own.",
            )
        return rule
    return DEFAULT


def _recorded(root: Root, rule: Rule | None, together: Mapping[str, float]) -> Recorded:
    if rule is None or root.requests_per_second <= 0:
        return Recorded(root.name, rule.name if rule else None, 0.0, 0.0)
    arriving = together[rule.name]
    kept = min(arriving, rule.reservoir)
    share = (kept + rule.rate * (arriving - kept)) / arriving
    return Recorded(root.name, rule.name, share * root.requests_per_second * MONTH_SECONDS, share)


def covers(wider: str, narrower: str) -> bool:
    """Whether the pattern `wider` matches every text that `narrower` does."""
    return _covers(_plain(wider), _plain(narrower))


def meet(one: str, other: str) -> bool:
    """Whether there is a text that both patterns match."""
    return _meets(_plain(one), _plain(other))


def _plain(pattern: str) -> str:
    """`pattern` with each run of wildcards as its question marks, then one asterisk if it had any."""
    return _WILD.sub(lambda run: "?" * run[0].count("?") + ("*" if "*" in run[0] else ""), pattern)


@cache
def _covers(wider: str, narrower: str) -> bool:
    if not wider:
        return not narrower
    if wider[0] == "*":
        return _covers(wider[1:], narrower) or (bool(narrower) and _covers(wider, narrower[1:]))
    if not narrower or narrower[0] == "*":
        return False
    return wider[0] in ("?", narrower[0]) and _covers(wider[1:], narrower[1:])


@cache
def _meets(one: str, other: str) -> bool:
    if not one or not other:
        return set(one + other) <= {"*"}
    if one[0] == "*":
        return _meets(one[1:], other) or _meets(one, other[1:])
    if other[0] == "*":
        return _meets(one, other[1:]) or _meets(one[1:], other)
    return (one[0] == other[0] or "?" in (one[0], other[0])) and _meets(one[1:], other[1:])
