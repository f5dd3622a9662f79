"""Proves the alarms of documents: looks at every part of each, then has the evaluator confirm a witness."""

from collections.abc import Iterator, Mapping, Sequence

from blueprint.catalogue.catalogue import Catalogue
from blueprint.catalogue.model import Fact
from blueprint.cloudwatch import metric_math, rules, statistics
from blueprint.cloudwatch.expressions import Node
from blueprint.cloudwatch.model import CompositeAlarm, MetricAlarm
from blueprint.cloudwatch.rules import Rule
from blueprint.documents.model import Declared, Document, Resource
from blueprint.errors import BlueprintError
from blueprint.reachability import codes, composite, limits, ranges, reach, series, witness
from blueprint.reachability.names import Names
from blueprint.reachability.ranges import World
from blueprint.reachability.reach import Reach
from blueprint.reachability.series import Series
from blueprint.reachability.verdict import (
    Proof,
    Step,
    Verdict,
    Witness,
    holds,
    refused,
    unknown,
)

_JUDGED_BY_ITSELF = "AWS/DynamoDB"


def prove(documents: Sequence[Document], catalogue: Catalogue) -> list[Proof]:
    """A proof for each alarm, in the documents' order.

    The documents are taken together: a queue in one bounds an alarm in another, and rules may name alarms of any.
    """
    resources = [resource for document in documents for resource in document.resources]
    known = catalogue.with_metrics(series.declared_metrics(resources))
    watched = [each for each in resources if each.type in series.BOUNDING]
    declared = [each for document in documents for each in document.alarms]
    names = Names(declared)

    proofs: dict[int, Proof] = {}
    by_key: dict[str, Proof] = {}
    for index, each in enumerate(declared):
        if not isinstance(each.alarm, CompositeAlarm):
            proofs[index] = by_key[names.keys[index]] = _named_once(
                _prove_one(each, names.of[index], known, watched), names, index
            )
    composites = {
        index: _Composite(each, each.alarm, names)
        for index, each in enumerate(declared)
        if isinstance(each.alarm, CompositeAlarm)
    }
    reads = {names.keys[index]: item.keys for index, item in composites.items()}
    for index in _children_first(composites, names):
        proof = composites[index].proof(names.keys[index], by_key, reads)
        proofs[index] = by_key[names.keys[index]] = _named_once(proof, names, index)
    told = {child for children in reads.values() for child in children}
    return [
        _with_notes(proofs[index], told=names.keys[index] in told) for index in range(len(declared))
    ]


class _Composite:
    """A composite alarm with its rule, None (and why) where that cannot be read."""

    def __init__(self, declared: Declared, alarm: CompositeAlarm, names: Names) -> None:
        self.declared = declared
        self.alarm = alarm
        self.names = names
        self.rule: Rule | None = None
        self.fault: Step | None = None
        try:
            self.rule = rules.parse(alarm.rule)
        except BlueprintError as error:
            self.fault = refused(codes.COMPOSITE_RULE, error.message, error.remedy, "alarm_rule")

    @property
    def children(self) -> Mapping[str, str]:
        """The alarms that the rule names, with their keys."""
        file = self.declared.place.file
        named = self.rule.children if self.rule else ()
        return {child: self.names.resolve(file, child) for child in named}

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self.children.values())

    def proof(
        self, key: str, proofs: Mapping[str, Proof], reads: Mapping[str, Sequence[str]]
    ) -> Proof:
        steps = list(limits.of_composite_alarm(self.alarm))
        circle = composite.cycle(key, reads)
        if self.fault:
            steps.append(self.fault)
        elif circle:
            way = " -> ".join(self.names.shown(each) for each in circle)
            steps.append(
                refused(
                    codes.COMPOSITE_CYCLE,
                    f"it reads itself: {way}",
                    "let one of them read metric alarms instead",
                    "alarm_rule",
                )
            )
        elif self.rule:
            children = {child: proofs[of] for child, of in self.children.items() if of in proofs}
            steps += composite.steps(self.rule, children, self.names.of)
        return Proof(self.declared, self.alarm.name, tuple(steps))


def _children_first(composites: Mapping[int, _Composite], names: Names) -> Iterator[int]:
    """The composites in an order in which each comes after those it reads, circles aside."""
    by_key = {names.keys[index]: index for index in composites}
    done: set[int] = set()
    for first in composites:
        todo = [first]
        while todo:
            index = todo[-1]
            waiting = [
                by_key[child]
                for child in composites[index].keys
                if child in by_key and by_key[child] not in done and by_key[child] not in todo
            ]
            if waiting:
                todo.append(waiting[0])
                continue
            todo.pop()
            if index not in done:
                done.add(index)
                yield index


def _prove_one(
    declared: Declared, name: str, catalogue: Catalogue, resources: Sequence[Resource]
) -> Proof:
    if declared.alarm is None:
        return Proof(declared, name, tuple(_not_judged(declared)))
    alarm = declared.alarm
    if not isinstance(alarm, MetricAlarm):
        raise TypeError(f"{name} is not a metric alarm")
    steps = list(limits.of_metric_alarm(alarm))
    found: dict[str, Series] = {}
    facts: dict[str, tuple[Fact, ...]] = {}
    for query in alarm.queries:
        if query.metric is None:
            continue
        looked, at = series.find(query.metric, query.unit, catalogue, resources)
        steps += looked
        steps += _statistic(query.statistic)
        if at:
            found[query.id] = at
            facts[query.id] = (at.fact,)
    steps += limits.of_periods(alarm, facts)
    trees = _trees(alarm, steps)
    if trees is None or any(step.verdict is not Verdict.PROVED for step in steps):
        return Proof(declared, name, tuple(steps))
    steps += reach.steps(_reach(alarm, found, trees), ignores_missing=_always_ignores(alarm))
    if any(step.verdict is not Verdict.PROVED for step in steps):
        return Proof(declared, name, tuple(steps))
    seen, step = _witnessed(alarm, found, trees)
    return Proof(declared, name, (*steps, step), seen)


def _not_judged(declared: Declared) -> Iterator[Step]:
    for text in declared.invalid:
        yield refused(codes.INVALID, text, "write what CloudWatch accepts", _field(declared, text))
    for text in declared.unresolved:
        remedy = "give it a value in the document (a default, a literal), or judge what is deployed"
        yield unknown(codes.UNRESOLVED, text, remedy, _field(declared, text))


def _field(declared: Declared, text: str) -> str:
    """The argument that `field: why` is about, if the document has its line."""
    spelt = text.partition(":")[0].partition("[")[0].replace("_", "").casefold()
    return next((name for name in declared.lines if name.replace("_", "") == spelt), "")


def _statistic(text: str) -> Iterator[Step]:
    try:
        statistics.parse(text)
    except BlueprintError as error:
        yield refused(codes.STATISTIC, error.message, error.remedy, "statistic")
    else:
        yield holds(codes.STATISTIC, f"{text} is a statistic")


def _trees(alarm: MetricAlarm, steps: list[Step]) -> Mapping[str, Node] | None:
    """The expressions of the alarm; None, with a step that says why, where they cannot be computed."""
    if alarm.result.expression is None:
        return {}
    if (alarm.result.expression or "").lstrip().upper().startswith("SELECT "):
        steps.append(
            unknown(
                codes.MATH,
                f"{alarm.result.id} is a Metrics Insights query, which chooses its series only when it runs",
                "watch named metrics to have it proved",
                "metric_query",
            )
        )
        return None
    try:
        program = metric_math.compile_queries(alarm.queries)
    except metric_math.NotEvaluatedError as error:
        steps.append(unknown(codes.MATH, error.message, error.remedy, "metric_query"))
    except BlueprintError as error:
        steps.append(refused(codes.MATH, error.message, error.remedy, "metric_query"))
    else:
        steps.append(holds(codes.MATH, f"{alarm.result.expression} can be computed"))
        return dict(program.trees)
    return None


def _reach(alarm: MetricAlarm, found: Mapping[str, Series], trees: Mapping[str, Node]) -> Reach:
    metrics = [each for each in found.values() if each.may_be_absent]
    silent_when_well = frozenset(each.metric for each in metrics if each.silent_when_well)
    result = alarm.result
    at = found.get(result.id)
    return Reach(
        alarm,
        subject=(
            f"{result.statistic} of {at.metric.namespace} {at.metric.name}"
            if at
            else f"{result.id} = {result.expression}"
        ),
        anything=ranges.of(alarm, found, trees, World()),
        silence=ranges.of(
            alarm, found, trees, World(silent=frozenset(each.metric for each in metrics))
        ),
        calm=ranges.of(
            alarm,
            found,
            trees,
            World(
                silent=silent_when_well,
                present=frozenset(each.metric for each in metrics) - silent_when_well,
            ),
        ),
        counts=ranges.counts(alarm, found),
        unit=at.fact.unit if at and result.statistic in _OF_THE_UNIT else "",
        bound=next((each.bound for each in found.values() if each.bound), ""),
    )


_OF_THE_UNIT = ("Average", "Minimum", "Maximum")


def _always_ignores(alarm: MetricAlarm) -> bool:
    return alarm.result.metric is not None and alarm.result.metric.namespace == _JUDGED_BY_ITSELF


def _witnessed(
    alarm: MetricAlarm, found: Mapping[str, Series], trees: Mapping[str, Node]
) -> tuple[Witness | None, Step]:
    try:
        seen = witness.find(alarm, found, trees)
    except BlueprintError as error:
        return None, unknown(codes.WITNESS, error.message, error.remedy)
    if seen is None:
        return None, unknown(
            codes.WITNESS,
            "nothing speaks against it, but no values were found that the evaluator takes to ALARM and back",
            "check the expression by hand, or rehearse it: blueprint alarms test",
        )
    return seen, holds(codes.WITNESS, f"fires at {seen.fires}, clears at {seen.clears}")


def _named_once(proof: Proof, names: Names, index: int) -> Proof:
    if names.keys[index] not in names.twice:
        return proof
    step = refused(
        codes.NAME_TWICE,
        f"another alarm is called {proof.name}, too, and the later one overwrites the other",
        "give each alarm a name of its own",
        "alarm_name",
    )
    return Proof(proof.declared, proof.name, (*proof.steps, step))


def _with_notes(proof: Proof, *, told: bool) -> Proof:
    """The proof with what is worth knowing though it is not wrong; `told` is whether a composite alarm reads it."""
    alarm = proof.declared.alarm
    notes = [step for step in proof.steps if step.code is codes.LINGERS]
    if alarm and not told and not (alarm.actions.alarm and alarm.actions.enabled):
        why = "its actions are switched off" if alarm.actions.alarm else "it has no action"
        notes.append(holds(codes.NO_ONE_TOLD, f"{why}, and no composite alarm here reads it"))
    return Proof(proof.declared, proof.name, proof.steps, proof.witness, tuple(notes))
