"""The comment says first what matters, is never too long, and holds nothing that acts."""

import json
import re

import pytest
from markdown_it import MarkdownIt

from blueprint.errors import UsageError
from blueprint.report import comment, size
from blueprint.report.context import Context
from blueprint.report.section import Section
from blueprint.review.document import Document, Finding
from tests.gitops.report.plans import (
    COMMIT,
    DIGEST,
    PACKAGE,
    RUN,
    change,
    component,
    document,
    unchanged,
)

TABLE = "aws_dynamodb_table.orders"
FINDING = Finding(
    rule="stateful-replace",
    address=TABLE,
    message=f"{TABLE} of dynamodb in prod holds data and would be replaced",
    remedy="keep the resource",
)


def environments() -> list[Document]:
    packages = {"api": PACKAGE, "processor": "8" * 64}
    return [
        document(
            component("sqs", change("aws_sqs_queue.orders", delay_seconds=(0, 5))),
            component("lambda", change("aws_lambda_function.new", "create", memory=(None, 256))),
            unchanged("iam"),
            stack="dev",
            packages=packages,
        ),
        document(unchanged("iam"), unchanged("sqs"), stack="staging", packages=packages),
        document(
            component("sqs", change("aws_sqs_queue.orders", delay_seconds=(0, 5))),
            component(
                "dynamodb",
                change(TABLE, "delete", "create", hash_key=("PK", "ID")),
                findings=(FINDING,),
            ),
            component("cognito", change("aws_cognito_user_pool.old", "delete"), outcome="removed"),
            component("observability", outcome="waits", waits_for=("lambda", "sqs")),
            stack="prod",
            packages=packages,
        ),
    ]


def html(text: str) -> str:
    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


def test_the_comment_as_a_reviewer_reads_it() -> None:
    text = comment.render(environments())

    digests = [item.digest for item in environments()]
    assert text == (
        f"""<!-- blueprint:plan -->
## Plan

- `dev`: 1 to create, 1 to update, 0 to replace, 0 to destroy in 2 components
- `staging`: no changes
- `prod`: 0 to create, 1 to update, **1 to replace**, **1 to destroy** in 3 components; """
        f"""1 component cannot be planned before others are applied

> [!CAUTION]
> **2 of the resources would not stay:**
>
> - `aws_dynamodb_table.orders` is replaced in `prod`, `dynamodb`
> - `aws_cognito_user_pool.old` is destroyed in `prod`, `cognito`

> [!WARNING]
> **This cannot be applied:**
>
> - `stateful-replace`: aws&#95;dynamodb&#95;table&#46;orders of dynamodb in prod holds data and would be replaced. """
        f"""To settle it, keep the resource.

### Components

| Environment | Component | Create | Update | Replace | Destroy | Digest |
| --- | --- | --: | --: | --: | --: | --- |
| `prod` | `dynamodb` |  |  | **1** |  | `0123456789ab` |
| `prod` | `cognito` |  |  |  | **1** | `0123456789ab` removed |
| `dev` | `sqs` |  | 1 |  |  | `0123456789ab` |
| `dev` | `lambda` | 1 |  |  |  | `0123456789ab` |
| `prod` | `sqs` |  | 1 |  |  | `0123456789ab` |
| `prod` | `observability` |  |  |  |  | waits for `lambda`, `sqs` |

<details>
<summary><code>prod</code> <code>dynamodb</code>: 1 to replace</summary>

```diff
@@ aws_dynamodb_table.orders: destroy, then create @@
- hash_key = "PK"
+ hash_key = "ID"
```

Digest of this plan: `{DIGEST}`

</details>

<details>
<summary><code>prod</code> <code>cognito</code>: 1 to destroy</summary>

```diff
@@ aws_cognito_user_pool.old: destroy @@
```

Digest of this plan: `{DIGEST}`

</details>

<details>
<summary><code>dev</code> <code>sqs</code>: 1 to update</summary>

```diff
@@ aws_sqs_queue.orders: update @@
- delay_seconds = 0
+ delay_seconds = 5
```

Digest of this plan: `{DIGEST}`

</details>

<details>
<summary><code>dev</code> <code>lambda</code>: 1 to create</summary>

```diff
@@ aws_lambda_function.new: create @@
+ memory = 256
```

Digest of this plan: `{DIGEST}`

</details>

<details>
<summary><code>prod</code> <code>sqs</code>: 1 to update</summary>

```diff
@@ aws_sqs_queue.orders: update @@
- delay_seconds = 0
+ delay_seconds = 5
```

Digest of this plan: `{DIGEST}`

</details>

### Packages

| Function | `dev` | `staging` | `prod` |
| --- | --- | --- | --- |
| `api` | `999999999999` | `999999999999` | `999999999999` |
| `processor` | `888888888888` | `888888888888` | `888888888888` |

Commit `{COMMIT}` · [run]({RUN}). Digests of the plans:

- `dev` `{digests[0]}`
- `staging` `{digests[1]}`
- `prod` `{digests[2]}`
"""
    )


def test_without_changes_it_says_just_that() -> None:
    plan = document(unchanged("iam"), unchanged("sqs"))

    assert comment.render([plan]) == (
        "<!-- blueprint:plan -->\n## Plan: no changes\n\n- `dev`: no changes\n\n"
        f"Commit `{COMMIT}` · [run]({RUN}). Digests of the plans:\n\n- `dev` `{plan.digest}`\n"
    )


def test_the_plans_of_a_fork_are_marked_as_emulated() -> None:
    text = comment.render(environments(), emulated=True)

    assert text.startswith("<!-- blueprint:plan -->\n## Plan (emulated)\n\n> [!NOTE]\n> Planned on")


def test_a_run_given_by_the_caller_is_linked_instead_of_the_documents() -> None:
    assert "[run](https://elsewhere/1)" in comment.render(
        [document()], run_url="https://elsewhere/1"
    )
    assert "[run]" not in comment.render([document(run=None)])


def test_plans_of_two_commits_make_no_comment() -> None:
    with pytest.raises(UsageError, match="different commits"):
        comment.render([document(), document(stack="prod", commit="b" * 40)])


HOSTILE = '```\n</details>\n@octocat <img src="https://evil.example"> [x](https://evil.example) | `'


def test_nothing_from_a_plan_acts_in_the_comment() -> None:
    finding = Finding("rule", HOSTILE, HOSTILE, HOSTILE)
    plan = document(
        component(
            "sqs",
            change(
                f'aws_sqs_queue.q["{HOSTILE}"]',
                "delete",
                **{HOSTILE: (HOSTILE, {HOSTILE: [HOSTILE]})},
            ),
            outputs=(HOSTILE,),
            findings=(finding,),
        )
    )

    page = html(comment.render([plan]))

    tags = set(re.findall(r"<(\w+)", page))
    allowed = {"h2", "h3", "p", "ul", "li", "blockquote", "strong", "code", "pre", "a", "details"}
    allowed |= {"summary", "table", "thead", "tbody", "tr", "th", "td"}
    assert tags <= allowed
    assert re.findall(r'href="([^"]*)"', page) == [RUN]
    assert page.count("<details>") == page.count("</details>") == 1
    outside_code = re.sub(r"<code.*?</code>", "", page, flags=re.DOTALL)
    assert "octocat" in outside_code
    assert "@octocat" not in outside_code


def affected(count: int, *, details: int = 20) -> list[Document]:
    """`count` components over three environments; each has `details` attributes to show."""
    attributes = {f"attribute_{n}": (f"before {n}", f"after {n}") for n in range(details)}
    return [
        document(
            *(
                component(
                    f"component-{stack}-{n:03}",
                    change(f"aws_sqs_queue.q{n}", *(["delete"] if n == 77 else []), **attributes),
                )
                for n in range(count // 3)
            ),
            stack=stack,
        )
        for stack in ("dev", "staging", "prod")
    ]


def test_three_hundred_affected_components_fit_and_none_is_cut() -> None:
    text = comment.render(affected(300))

    assert size.of(text) <= 65_536
    assert size.of(text) > 60_000  # the room is used
    assert text.count("\n| `") == 300
    kept = text.count("<details>")
    assert 0 < kept == text.count("</details>") == text.count("```diff") < 300
    assert f"The details of {300 - kept} components are left out here: [the run]({RUN})" in text
    # What is destroyed has its details before anything else has.
    first = re.findall(r"<summary>.*</summary>", text)[:3]
    assert all("-077</code>: 1 to destroy" in summary for summary in first)


def test_components_without_number_lose_rows_after_details_and_say_how_many() -> None:
    text = comment.render(affected(1_500))

    assert size.of(text) <= 65_536
    assert text.count("\n| `") == 200
    assert "… and 1,300 more components: [the run]" in text
    # The details take what room is left, and those that are destroyed have it first.
    assert text.count("<details>") > 3


def test_one_plan_of_200_kb_is_left_out_whole_and_the_others_are_shown() -> None:
    huge = json.dumps([f"statement {n}" for n in range(12_000)])
    assert len(huge) > 200_000
    plan = document(
        component("iam", change("aws_iam_policy.huge", policy=(None, huge))),
        component("sqs", change(delay_seconds=(0, 5))),
    )

    text = comment.render([plan])

    assert "| `dev` | `iam` |" in text
    assert "statement" not in text
    assert "+ delay_seconds = 5" in text
    assert "The details of 1 component are left out here" in text


def test_there_is_a_place_without_a_limit_worth_the_name() -> None:
    text = comment.render(affected(300), limit=1_048_576)

    assert text.count("<details>") == 300
    assert "left out" not in text


@pytest.mark.parametrize("count", [3, 300, 1_500])
@pytest.mark.parametrize("limit", [4_000, 9_000, 65_536])
def test_no_limit_is_exceeded_and_no_block_is_cut(count: int, limit: int) -> None:
    text = comment.render(affected(count), limit=limit)

    assert size.of(text) <= limit
    assert text.count("<details>") == text.count("</details>")
    assert text.count("```") % 2 == 0
    assert f"Commit `{COMMIT}`" in text


def test_a_section_that_knows_no_limits_gives_way_and_is_named() -> None:
    sections = [
        Section("summary", 100, lambda _: "fine"),
        Section("pictures", 450, lambda _: "x" * 100_000),
    ]

    text = comment.render([document()], sections=sections)

    assert "fine" in text
    assert f"The section pictures is too long for here: [the run]({RUN}) has them all." in text


def test_the_same_plans_make_the_same_comment() -> None:
    assert comment.render(affected(300)) == comment.render(affected(300))


def test_a_section_sees_the_documents_and_where_they_lie() -> None:
    seen: list[Context] = []

    def look(context: Context) -> None:
        seen.append(context)

    comment.render(environments(), emulated=True, sections=[Section("look", 1, look)])

    assert [item.stack for item in seen[-1].documents] == ["dev", "staging", "prod"]
    assert seen[-1].emulated
    assert seen[-1].run_url == RUN
