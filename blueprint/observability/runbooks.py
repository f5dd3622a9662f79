"""Holds docs/runbooks to what it is for: a page for each signal, true to the data, whose every link and name exists.

The commands in the pages are run by tests/e2e/test_runbooks.py; here it is only said which there are.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blueprint import data_files, paths
from blueprint.documents import reading
from blueprint.documents.model import Document
from blueprint.observability import figures, markdown, planned, queries, signals, slo
from blueprint.observability.markdown import Block, Page, Section
from blueprint.stacks import atmos, environment

DIRECTORY = paths.ROOT / "docs" / "runbooks"
DASHBOARDS = paths.ROOT / "dashboards"
INDEX = "README.md"
HEADINGS = ("Meaning", "Impact", "Verify", "Mitigate", "Why this threshold", "Escalate")
COMMANDS = ("Verify", "Mitigate")
SIGNALS, NOT_RUN = "Signals", "What the test does not run"

STACK = "prod"
# What is off by default has alarms and runbooks, too.
OPTIONAL = {
    "canary_enabled": True,
    "canary_runtime": "syn-python-selenium-5.1",
    "anomaly_detection_enabled": True,
}
_ALARMS = {"aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"}
# Of alarms that are no data's: their figures are in the component.
_OF_COMPONENT = ("probe-failed", "unusual-traffic")
_REASON = re.compile(r"not run: (.+)")
_RUNBOOK = re.compile(r"\S+/docs/runbooks/([\w-]+)\.md")
_ABSENT = re.compile(r"<[^>]+>")
_DESCRIPTION = 1024


@dataclass(frozen=True)
class Subject:
    """What a runbook is about: `words` are all that the data says of it, `figures` what it has to state of that."""

    name: str
    severities: tuple[str, ...]
    owner: str
    figures: str
    words: str


@dataclass(frozen=True)
class Alarm:
    """An alarm as it is deployed; `told` is whether somebody hears of it, by itself or as a part of another."""

    name: str
    signal: str
    description: str
    told: bool


@dataclass(frozen=True)
class Names:
    """What a runbook may cite: the saved queries, and by file each dashboard's title with those of its panels."""

    queries: Collection[str]
    dashboards: Mapping[str, tuple[str, Collection[str]]]


@dataclass(frozen=True)
class Command:
    """A block of commands of a runbook; `not_run` is the reason why the test leaves it out, None where it runs it."""

    page: str
    heading: str
    text: str
    line: int
    not_run: str | None


def check() -> list[str]:
    """What is wrong with the runbooks, each fault with its file."""
    opened = atmos.stack(STACK, environment.base())
    document = reading.read(planned.plan(STACK, values=OPTIONAL))
    return faults(
        read(),
        subjects(document),
        alarms=alarms(document),
        prefix=opened.prefix,
        names=names(),
    )


def read(directory: Path = DIRECTORY) -> dict[str, Page]:
    """Every page of `directory` by the name of its file."""
    return {file.name: markdown.read(file) for file in sorted(directory.glob("*.md"))}


def subjects(document: Document) -> dict[str, Subject]:
    """What has to have a runbook, by name; `document` is a plan with everything that is optional switched on."""
    return {
        subject.name: subject
        for subject in (*_of_signals(), *_of_objectives(), *_of_component(document))
    }


def alarms(document: Document) -> tuple[Alarm, ...]:
    """The alarms of a plan."""
    declared = [each.values for each in document.resources if each.type in _ALARMS]
    rules = " ".join(str(values.get("alarm_rule", "")) for values in declared)
    return tuple(
        Alarm(
            name=str(values["alarm_name"]),
            signal=_tags(values)["signal"],
            description=str(values["alarm_description"]),
            told=_tags(values)["severity"] != "none" or f'"{values["alarm_name"]}"' in rules,
        )
        for values in declared
    )


def names(directory: Path = DASHBOARDS) -> Names:
    """The saved queries and dashboards there are."""
    found = {}
    schema = json.loads((directory / "schemas" / "dashboard.json").read_text(encoding="utf-8"))
    for name in ("service", "on-call"):
        body = data_files.read(directory / f"{name}.yaml", schema)
        panels = [panel["title"] for row in body["rows"] for panel in row["panels"]]
        found[f"{name}.yaml"] = (str(body["title"]), panels)
    return Names(tuple(queries.read(directory / queries.FILE.name)), found)


def commands(pages: Mapping[str, Page]) -> list[Command]:
    """Every block of commands, in the order in which a reader meets them."""
    return [
        Command(page.name, section.title, block.text, block.line, _reason(block))
        for page in pages.values()
        for section in page.sections
        for block in section.blocks
        if block.language == "bash"
    ]


def faults(
    pages: Mapping[str, Page],
    known: Mapping[str, Subject],
    *,
    alarms: tuple[Alarm, ...],
    prefix: str,
    names: Names,
) -> list[str]:
    """What is wrong with `pages`: see the functions below, one for each thing that is held."""
    runbooks = {page.name: page for file, page in pages.items() if file != INDEX}
    found = [
        f"{data_files.shown(DIRECTORY)}/{name}.md is missing: {name} tells people, and they need to know what to do"
        for name in sorted(set(known) - set(runbooks))
    ]
    found += [
        f"{page.at(1)}: there is no signal {name}; delete the page, or name it after one"
        for name, page in runbooks.items()
        if name not in known
    ]
    for name in sorted(set(known) & set(runbooks)):
        page, subject = runbooks[name], known[name]
        found += _shape(page)
        found += _alarms(page, subject, alarms, prefix)
        found += _figures(page, subject)
        found += _owner(page, subject)
    for page in pages.values():
        found += _links(page, names)
    if INDEX not in pages:
        return [
            *found,
            f"{data_files.shown(DIRECTORY / INDEX)} is missing: the list of the runbooks",
        ]
    found += _index(pages[INDEX], known)
    found += _left_out(pages[INDEX], runbooks)
    found += _descriptions(alarms, runbooks)
    return found


def _of_signals() -> Iterator[Subject]:
    document = _data(signals.FILE, signals.SCHEMA)
    for name, values in document["signals"].items():
        yield Subject(
            name,
            (values["severity"],),
            values["owner"],
            figures.of_signal(values),
            _words(values),
        )


def _of_objectives() -> Iterator[Subject]:
    document = _data(slo.FILE, slo.SCHEMA)
    objectives = slo.read()
    for indicator in objectives.indicators:
        terms = document["slos"][indicator.slo][indicator.sli]
        told = dict.fromkeys(w.severity for w in objectives.windows)
        said = figures.of_indicator(indicator, objectives.windows)
        yield Subject(indicator.name, tuple(told), indicator.owner, said, _words(terms))


def _of_component(document: Document) -> Iterator[Subject]:
    for each in document.resources:
        if each.type in _ALARMS and _tags(each.values)["signal"] in _OF_COMPONENT:
            tags = _tags(each.values)
            said = figures.of_alarm(each.values)
            yield Subject(tags["signal"], (tags["severity"],), tags["owner"], said, said)


def _data(file: Path, schema: Path) -> dict[str, Any]:
    document: dict[str, Any] = data_files.read(file, json.loads(schema.read_text(encoding="utf-8")))
    return document


def _words(values: Mapping[str, Any]) -> str:
    return json.dumps(values)


def _tags(values: Mapping[str, object]) -> dict[str, str]:
    tags = values["tags"]
    if not isinstance(tags, dict):
        raise TypeError(f"tags are {tags!r}")
    return tags


def _shape(page: Page) -> Iterator[str]:
    expected = [(1, page.name), *((2, title) for title in HEADINGS)]
    actual = [(section.level, section.title) for section in page.sections]
    if actual != expected:
        wanted = ", ".join(f"{'#' * level} {title}" for level, title in expected)
        yield f"{page.at(1)}: the headings must be {wanted}, in this order"
    for section in page.sections:
        if section.level > 1 and not section.text and not section.blocks:
            yield f"{page.at(section.line)}: {section.title} says nothing"
        if section.title in COMMANDS and not section.blocks:
            yield f"{page.at(section.line)}: {section.title} has no command"
        for block in section.blocks:
            if section.title not in COMMANDS:
                yield f"{page.at(block.line)}: commands stand under {' or '.join(COMMANDS)}, where a test runs them"
            elif block.language != "bash":
                yield f"{page.at(block.line)}: a block must be ```bash, so that a test runs it"


def _alarms(
    page: Page, subject: Subject, deployed: tuple[Alarm, ...], prefix: str
) -> Iterator[str]:
    section = page.section("Meaning")
    named = [span for span in section.code if span.startswith("<prefix>-")] if section else []
    patterns = {name: _pattern(name, prefix) for name in named}
    for name, pattern in patterns.items():
        # A signal may watch what no stack has yet: then only its name can be right.
        dormant = name.endswith(f"-{subject.name}") and not _of(subject, deployed)
        if not dormant and not any(pattern.fullmatch(alarm.name) for alarm in deployed):
            yield f"{_place(page, section)}: there is no alarm {name}"
    if not any(subject.name in name for name in named):
        yield f"{_place(page, section)}: name the alarms, such as `<prefix>-<resource>-{subject.name}`"
    for alarm in _of(subject, deployed):
        if not any(pattern.fullmatch(alarm.name) for pattern in patterns.values()):
            yield f"{_place(page, section)}: alarm {alarm.name} is called otherwise here"


def _of(subject: Subject, deployed: tuple[Alarm, ...]) -> list[Alarm]:
    return [alarm for alarm in deployed if alarm.signal == subject.name]


def _pattern(name: str, prefix: str) -> re.Pattern[str]:
    parts = _ABSENT.split(name.removeprefix("<prefix>-"))
    return re.compile(
        re.escape(f"{prefix}-") + "[a-z0-9-]+".join(re.escape(part) for part in parts)
    )


def _figures(page: Page, subject: Subject) -> Iterator[str]:
    why = page.section("Why this threshold")
    if why is None:
        return
    text = _joined(why.text)
    if not text.startswith(_joined(subject.figures)):
        yield f"{page.at(why.line)}: Why this threshold must begin with the figures as they are:\n{subject.figures}"
        return
    allowed = figures.sayable(f"{subject.figures}\n{subject.words}")
    meaning = page.section("Meaning")
    said = [(why, text.removeprefix(_joined(subject.figures)))]
    said += [(meaning, _joined(meaning.text))] if meaning else []
    for section, words in said:
        for number in figures.numbers(markdown.prose(words)):
            if number not in allowed:
                yield (
                    f"{page.at(section.line)}: {number} is no figure of {subject.name};"
                    " correct it, or write it as a word if it is none"
                )


def _joined(text: str) -> str:
    """The text as if it were one line: where lines break says nothing."""
    return " ".join(text.split())


def _owner(page: Page, subject: Subject) -> Iterator[str]:
    section = page.section("Escalate")
    if section and not section.text.startswith(f"Owner: {subject.owner}."):
        yield f"{page.at(section.line)}: Escalate must begin with `Owner: {subject.owner}.`"


def _links(page: Page, names: Names) -> Iterator[str]:
    for section in page.sections:
        for link in section.links:
            at, _, fragment = link.target.partition("#")
            if at.startswith("https://"):
                continue
            file = (page.file.parent / at).resolve() if at else page.file
            if not file.exists():
                yield f"{page.at(link.line)}: there is no {link.target}"
            elif fragment and fragment not in markdown.read(file).anchors:
                yield f"{page.at(link.line)}: {at or page.file.name} has no heading #{fragment}"
            elif file.name == queries.FILE.name and link.text not in {file.name, *names.queries}:
                yield (
                    f"{page.at(link.line)}: there is no saved query {link.text}; there are"
                    f" {', '.join(sorted(names.queries))}"
                )
            elif file.name in names.dashboards:
                title, panels = names.dashboards[file.name]
                board, _, panel = link.text.partition(": ")
                if board != title or (panel and panel not in panels):
                    yield f"{page.at(link.line)}: {file.name} is {title}, and has no panel {link.text!r}"


def _index(index: Page, known: Mapping[str, Subject]) -> Iterator[str]:
    section = index.section(SIGNALS)
    rows = list(section.rows)[1:] if section else []
    listed = {_read(row[0]): row for row in rows}
    for name in sorted(set(known) - set(listed)):
        yield f"{_place(index, section)}: {SIGNALS} does not list {name}"
    for name in sorted(set(listed) - set(known)):
        yield f"{_place(index, section)}: {SIGNALS} lists {name}, which is no signal"
    for name in sorted(set(listed) & set(known)):
        told = ", ".join(known[name].severities)
        if listed[name][0] != f"[{name}]({name}.md)":
            yield f"{_place(index, section)}: {name} must link to its page: [{name}]({name}.md)"
        if listed[name][1] != told:
            yield f"{_place(index, section)}: {name} is told as {told}, not as {listed[name][1]}"


def _left_out(index: Page, runbooks: Mapping[str, Page]) -> Iterator[str]:
    """Commands that are not run have a reason, and the list of them is whole."""
    section = index.section(NOT_RUN)
    rows = list(section.rows)[1:] if section else []
    listed = {(_read(row[0]), row[-1]) for row in rows}
    actual = set()
    for page in (index, *runbooks.values()):
        for part in page.sections:
            for block in part.blocks:
                if block.comment and not _REASON.fullmatch(block.comment):
                    yield f"{page.at(block.line)}: the comment above must be `not run:` and why"
                if reason := _reason(block):
                    actual.add((page.name, reason))
    for name, reason in sorted(actual - listed):
        yield f"{_place(index, section)}: {NOT_RUN} does not list {name}: {reason}"
    for name, reason in sorted(listed - actual):
        yield f"{_place(index, section)}: {NOT_RUN} lists {name}: {reason}, and there is no such command"


def _descriptions(deployed: tuple[Alarm, ...], runbooks: Collection[str]) -> Iterator[str]:
    for alarm in deployed:
        linked = _RUNBOOK.findall(alarm.description)
        if alarm.told and not linked:
            yield f"alarm {alarm.name}: its description names no runbook"
        for name in linked:
            if name not in runbooks:
                yield f"alarm {alarm.name}: its description names the runbook {name}.md, which does not exist"
        if alarm.signal in runbooks and alarm.signal not in linked:
            yield f"alarm {alarm.name}: its description does not name the runbook of {alarm.signal}"
        if len(alarm.description) > _DESCRIPTION:
            yield f"alarm {alarm.name}: its description has {len(alarm.description)} of {_DESCRIPTION} characters"


def _reason(block: Block) -> str | None:
    matched = _REASON.fullmatch(block.comment)
    return matched[1] if matched else None


def _read(cell: str) -> str:
    return re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", cell)


def _place(page: Page, section: Section | None) -> str:
    return page.at(section.line if section else 1)
