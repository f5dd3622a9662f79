"""What the runbooks are refused for: each fault is one change to pages that have none."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from blueprint.observability import markdown, runbooks
from blueprint.observability.markdown import Page
from blueprint.observability.runbooks import Alarm, Names, Subject

FIGURES = "Sum of `Throttles` > 0 in 3 of 5 periods of 60 s. Missing data: `notBreaching`. A ticket, in prod."
SUBJECTS = {
    "throttles": Subject("throttles", ("ticket",), "orders", FIGURES, "refused in three of five"),
    "age": Subject("age", ("page",), "platform", "Maximum of `Age` > 300.", "waits 5 minutes"),
}
ALARMS = (
    Alarm(
        "acme-api-throttles",
        "throttles",
        "Refused. Runbook: https://a.b/docs/runbooks/throttles.md",
        told=True,
    ),
    Alarm("acme-orders-age", "age", "Waits. Runbook: https://a.b/docs/runbooks/age.md", told=True),
    Alarm("acme-deploy", "deploy", "What a release must not cause.", told=False),
)
NAMES = Names(("errors-by-type",), {"on-call.yaml": ("On call", ["Latency"])})

THROTTLES = f"""\
# throttles

## Meaning

`<prefix>-<function>-throttles`: refused in 3 of 5 minutes.

## Impact

Users wait, see [age](age.md#impact) and [On call: Latency](dashboards/on-call.yaml).

## Verify

The saved query [errors-by-type](dashboards/queries.yaml), or:

```bash
aws lambda get-account-settings
```

## Mitigate

<!-- not run: it asks AWS -->
```bash
aws service-quotas ask
```

## Why this threshold

{FIGURES}

A burst of 60 s, which is 1 minute, passes by itself.

## Escalate

Owner: orders. After 30 minutes.
"""
AGE = """\
# age

## Meaning

`<prefix>-<queue>-age`: older than 300 s.

## Impact

Late.

## Verify

```bash
aws sqs list-queues
```

## Mitigate

```bash
aws sqs list-queues
```

## Why this threshold

Maximum of `Age` > 300.

## Escalate

Owner: platform.
"""
INDEX = """\
# Runbooks

## Signals

| signal | told as | what happens |
|---|---|---|
| [age](age.md) | page | messages wait |
| [throttles](throttles.md) | ticket | refused |

## What the test does not run

| runbook | command | why |
|---|---|---|
| [throttles](throttles.md) | `aws service-quotas ask` | it asks AWS |
"""


@pytest.fixture
def pages(tmp_path: Path) -> Callable[..., dict[str, Page]]:
    """The sound pages, with `old` replaced by `new` in one of them, and more files."""
    (tmp_path / "dashboards").mkdir()
    (tmp_path / "dashboards" / "on-call.yaml").touch()
    (tmp_path / "dashboards" / "queries.yaml").touch()

    def written(file: str = "age.md", old: str = "", new: str = "", **more: str) -> dict[str, Page]:
        texts = {"throttles.md": THROTTLES, "age.md": AGE, "README.md": INDEX}
        assert old in texts[file]
        texts[file] = texts[file].replace(old, new, 1) if old else texts[file]
        for name, text in {**texts, **{f"{name}.md": text for name, text in more.items()}}.items():
            (tmp_path / name).write_text(text)
        return runbooks.read(tmp_path)

    return written


def faults(pages: dict[str, Page], alarms: tuple[Alarm, ...] = ALARMS) -> list[str]:
    return runbooks.faults(pages, SUBJECTS, alarms=alarms, prefix="acme", names=NAMES)


def test_sound_pages_have_no_fault(pages: Callable[..., dict[str, Page]]) -> None:
    assert faults(pages()) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("throttles.md", "# throttles", "# Throttles", "the headings must be # throttles, ## Meaning"),
        ("throttles.md", "## Escalate\n\nOwner", "Owner", "the headings must be"),
        ("throttles.md", "## Verify", "### Verify", "the headings must be"),
        ("age.md", "Late.\n", "", "Impact says nothing"),
        ("age.md", "```bash\naws sqs list-queues\n```", "Look.", "Verify has no command"),
        ("age.md", "Late.\n", "```bash\nls\n```\n", "commands stand under Verify or Mitigate"),
        ("age.md", "```bash", "```", "a block must be ```bash"),
        ("throttles.md", "<function>-throttles`", "<function>-throttle`", "there is no alarm <prefix>-<function>-"),
        ("throttles.md", "`<prefix>-<function>-throttles`", "The alarm", "name the alarms, such as"),
        ("age.md", "<queue>-age", "letters-age", "alarm acme-orders-age is called otherwise here"),
        ("throttles.md", "> 0 in 3 of 5", "> 0 in 2 of 5", f"must begin with the figures as they are:\n{FIGURES}"),
        ("throttles.md", "in 3 of 5 minutes", "in 4 of 5 minutes", "4 is no figure of throttles"),
        ("throttles.md", "which is 1 minute", "which is 2 minutes", "2 is no figure of throttles"),
        ("age.md", "Owner: platform.", "Owner: orders.", "Escalate must begin with `Owner: platform.`"),
        ("throttles.md", "age.md#impact", "ages.md", "there is no ages.md"),
        ("throttles.md", "age.md#impact", "age.md#impacts", "age.md has no heading #impacts"),
        ("throttles.md", "[errors-by-type]", "[errors-by-kind]", "there is no saved query errors-by-kind"),
        ("throttles.md", "[On call: Latency]", "[On call: Lateness]", "has no panel 'On call: Lateness'"),
        ("throttles.md", "[On call: Latency]", "[Service: Latency]", "on-call.yaml is On call"),
        ("throttles.md", "not run: it asks AWS", "harmful", "the comment above must be `not run:` and why"),
        ("throttles.md", "not run: it asks AWS", "not run: it costs", "does not list throttles: it costs"),
        ("README.md", "| it asks AWS |", "| it costs |", "lists throttles: it costs, and there is no such command"),
        ("README.md", "| [age](age.md) | page | messages wait |\n", "", "Signals does not list age"),
        ("README.md", "[age](age.md) | page", "[aged](age.md) | page", "Signals lists aged, which is no signal"),
        ("README.md", "[age](age.md) | page", "[age](throttles.md) | page", "age must link to its page"),
        ("README.md", "age.md) | page", "age.md) | ticket", "age is told as page, not as ticket"),
    ],
)  # fmt: skip
def test_a_fault_in_a_page_is_named(
    pages: Callable[..., dict[str, Page]], file: str, old: str, new: str, said: str
) -> None:
    found = faults(pages(file, old, new))

    assert any(said in fault for fault in found), found
    assert all(".md" in fault for fault in found)


def test_a_fault_has_its_line(pages: Callable[..., dict[str, Page]]) -> None:
    (found,) = faults(pages("throttles.md", "age.md#impact", "ages.md"))

    assert found.endswith("throttles.md:9: there is no ages.md")


def test_a_signal_without_a_page_is_missed(pages: Callable[..., dict[str, Page]]) -> None:
    present = pages()
    del present["age.md"]

    assert any("age.md is missing: age tells people" in fault for fault in faults(present))


def test_a_page_without_a_signal_is_an_orphan(pages: Callable[..., dict[str, Page]]) -> None:
    found = faults(pages(aged="# aged\n"))

    assert [fault for fault in found if "there is no signal aged" in fault]


def test_without_an_index_nothing_is_found_at_night(pages: Callable[..., dict[str, Page]]) -> None:
    present = pages()
    del present["README.md"]

    assert any("README.md is missing" in fault for fault in faults(present))


@pytest.mark.parametrize(
    ("description", "said"),
    [
        ("Waits.", "acme-orders-age: its description names no runbook"),
        ("Waits. https://a.b/docs/runbooks/aged.md", "names the runbook aged.md, which does not exist"),
        ("Waits. https://a.b/docs/runbooks/throttles.md", "does not name the runbook of age"),
        (f"Waits. https://a.b/docs/runbooks/age.md {'x' * 1000}", "has 1040 of 1024 characters"),
    ],
)  # fmt: skip
def test_a_description_that_leads_nowhere_is_named(
    pages: Callable[..., dict[str, Page]], description: str, said: str
) -> None:
    waits = replace(ALARMS[1], description=description)

    found = faults(pages(), (ALARMS[0], waits, ALARMS[2]))

    assert any(said in fault for fault in found), found


def test_a_signal_that_watches_nothing_yet_may_name_its_alarm(
    pages: Callable[..., dict[str, Page]],
) -> None:
    assert faults(pages(), (ALARMS[0], ALARMS[2])) == []


def test_commands_come_in_the_order_of_the_page(pages: Callable[..., dict[str, Page]]) -> None:
    found = runbooks.commands({"throttles.md": pages()["throttles.md"]})

    assert [(each.heading, each.text, each.not_run) for each in found] == [
        ("Verify", "aws lambda get-account-settings", None),
        ("Mitigate", "aws service-quotas ask", "it asks AWS"),
    ]


def test_the_shipped_pages_are_shaped_as_the_headings_say() -> None:
    """Without a plan, which `make check` makes: a page whose heading is wrong is noticed in a second."""
    shipped = runbooks.read()

    assert len(shipped) > 20
    for name, page in shipped.items():
        if name != runbooks.INDEX:
            assert [section.title for section in page.sections] == [page.name, *runbooks.HEADINGS]


def test_every_shipped_dashboard_and_query_can_be_cited() -> None:
    names = runbooks.names()

    assert "errors-by-type" in names.queries
    assert names.dashboards["on-call.yaml"][0] == "On call"
    assert "Latency" in names.dashboards["on-call.yaml"][1]


def test_anchors_are_those_of_github() -> None:
    assert markdown.anchor("Take a release back") == "take-a-release-back"
    assert markdown.anchor("Who, and `when`?") == "who-and-when"
