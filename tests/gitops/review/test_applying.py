"""Nothing is applied that was not reviewed, and a broken run can be continued."""

from dataclasses import replace
from datetime import date

import pytest

from blueprint.errors import BlueprintError
from blueprint.review.allowances import Allowance
from blueprint.review.applying import RefusedError
from blueprint.review.document import Document, Finding
from blueprint.review.guard import Guard
from tests.gitops.review.conftest import TODAY, Shop
from tests.gitops.review.fakes import STATES


def memory(shop: Shop, size: int) -> None:
    shop.set(
        "functions",
        resources={
            "aws_lambda_function.api": {
                "role": "!terraform.state iam .role",
                "table": "!terraform.state table .name",
                "memory": size,
            }
        },
    )


def ttl(shop: Shop, *, on: bool) -> None:
    shop.set("table", resources={"aws_dynamodb_table.this": {"key": "PK", "ttl": on}})


def applied(shop: Shop) -> list[str]:
    return [call for call in shop.terraform.log if call.startswith("apply ")]


def test_an_empty_account_is_filled_in_order_of_dependency(shop: Shop) -> None:
    run = shop.apply(shop.plan())

    order = applied(shop)
    assert order.index("apply iam") < order.index("apply table") < order.index("apply functions")
    assert shop.held("functions")["aws_lambda_function.api"]["table"] == "orders"
    assert {result.outcome for result in run.results} == {"applied"}
    assert {item.outcome for item in shop.plan().components} == {"unchanged"}


def test_only_what_the_document_has_is_planned_and_applied(shop: Shop) -> None:
    shop.deploy()
    memory(shop, 512)

    shop.apply(shop.plan("functions"))

    assert applied(shop) == ["apply functions"]
    assert shop.terraform.calls["plan"] == 2  # once for the document, once to compare
    assert shop.outcomes() == {"functions": "applied"}


def test_what_changed_by_hand_since_the_review_refuses_everything(shop: Shop) -> None:
    shop.deploy()
    memory(shop, 512)
    ttl(shop, on=False)
    document = shop.plan("functions", "table")
    functions = shop.stack.components["functions"]
    shop.terraform.change_by_hand(functions, "aws_lambda_function.api", timeout=900)
    fresh = shop.plan("functions").components[0].digest

    with pytest.raises(RefusedError, match="nothing was applied") as refused:
        shop.apply(document)

    reviewed = document.components[0].digest
    assert f"component functions of dev: reviewed {reviewed}, now {fresh}" in refused.value.message
    assert (
        "aws_lambda_function.api: timeout: reviewed no change, now 900 -> None"
        in refused.value.message
    )
    assert "plans afresh" in refused.value.remedy
    assert applied(shop) == []
    assert shop.outcomes() == {"functions": "not started", "table": "not started"}
    assert "nothing was applied" in (shop.runs[-1].error or "")


def test_other_content_than_planned_is_refused_before_terraform_starts(shop: Shop) -> None:
    shop.deploy()
    memory(shop, 512)
    document = shop.plan("functions")
    shop.write("functions", "resource { other }\n")
    shop.forget_calls()

    with pytest.raises(RefusedError, match="component functions: reviewed content"):
        shop.apply(document)

    assert not shop.terraform.calls


def test_another_stack_s_document_is_refused(shop: Shop) -> None:
    document = replace(shop.plan("topic"), stack="prod")

    with pytest.raises(RefusedError, match="the plan is of stack prod, and this is dev"):
        shop.apply(document)


def test_a_component_that_is_not_in_the_stack_is_named(shop: Shop) -> None:
    document = shop.plan("topic")
    foreign = replace(document.components[0], component="other")

    with pytest.raises(RefusedError, match="component other is in the plan, and not in the stack"):
        shop.apply(replace(document, components=(foreign,)))


def test_a_document_with_findings_is_refused(shop: Shop) -> None:
    document = shop.plan("topic")
    finding = Finding("stateful-replace", "a.b", "a.b holds data", "keep it")
    broken = replace(document.components[0], findings=(finding,))

    with pytest.raises(RefusedError, match=r"breaks rules:\na\.b holds data") as refused:
        shop.apply(replace(document, components=(broken,)))

    assert refused.value.remedy == "keep it"
    assert applied(shop) == []


def test_an_allowance_that_ended_since_the_review_refuses(shop: Shop) -> None:
    shop.deploy()
    shop.set("table", resources={"aws_dynamodb_table.this": {"key": "ID", "ttl": True}})
    row = Allowance("dev", "table", "aws_dynamodb_table.this", "replace", "exported before", TODAY)
    document = shop.plan("table", guard=Guard(allowances=(row,), today=TODAY))

    with pytest.raises(RefusedError, match="its allowance ended on 2026-11-23"):
        shop.apply(document, guard=Guard(allowances=(row,), today=date(2026, 11, 24)))

    assert applied(shop) == []


def test_packages_other_than_the_reviewed_ones_are_refused(shop: Shop) -> None:
    document = replace(shop.plan("topic"), packages={"api": "a" * 64})

    with pytest.raises(RefusedError, match=f"package of api: reviewed {'a' * 64}, here none"):
        shop.apply(document)


def test_a_dependent_that_its_changed_dependency_does_not_move_is_applied(shop: Shop) -> None:
    shop.deploy()
    ttl(shop, on=False)
    memory(shop, 512)
    document = shop.plan("functions", "table")

    shop.apply(document)

    assert shop.outcomes() == {"functions": "applied", "table": "applied"}


def test_a_dependent_whose_plan_its_dependency_moved_is_refused_and_shown(shop: Shop) -> None:
    shop.deploy()
    shop.set("table", outputs={"name": "renamed"})
    memory(shop, 512)
    document = shop.plan("functions", "table")

    with pytest.raises(RefusedError, match="functions was not applied") as refused:
        shop.apply(document)

    assert "table: reviewed no change, now 'orders' -> 'renamed'" in refused.value.message
    assert applied(shop) == ["apply table"]
    assert shop.outcomes() == {"functions": "failed", "table": "applied"}


def test_a_dependent_outside_the_document_is_looked_after(shop: Shop) -> None:
    shop.deploy()
    shop.set("table", outputs={"name": "renamed"})

    with pytest.raises(RefusedError, match="functions was not reviewed") as refused:
        shop.apply(shop.plan("table"))

    assert "update aws_lambda_function.api" in refused.value.message
    assert applied(shop) == ["apply table"]


def test_a_dependent_outside_the_document_that_stays_the_same_is_not_planned(shop: Shop) -> None:
    shop.deploy()
    ttl(shop, on=False)

    shop.apply(shop.plan("table"))

    assert "plan functions" not in shop.terraform.log


def test_a_dependent_whose_values_moved_and_whose_plan_is_empty_is_recorded(shop: Shop) -> None:
    shop.set("topic", note="!terraform.state iam .role")
    shop.put(replace(shop.stack.components["topic"], depends_on=("iam",)))
    shop.deploy()
    shop.set("iam", outputs={"role": "arn-of-another"})
    memory(shop, 256)
    # Only the topic reads it now.
    shop.set("functions", resources={"aws_lambda_function.api": {"memory": 256}})
    shop.apply(shop.plan("functions"))
    shop.forget_calls()

    shop.apply(shop.plan("iam"))

    assert shop.outcomes()["topic"] == "unchanged"
    shop.forget_calls()
    shop.apply(shop.plan("iam"))
    assert "plan topic" not in shop.terraform.log


def test_a_first_apply_may_only_create(shop: Shop) -> None:
    document = shop.plan()
    # Between review and apply somebody applied a table of another shape.
    table = shop.stack.components["table"]
    shop.terraform.write(table, {"aws_dynamodb_table.this": {"key": "ID"}}, {}, serial=3)

    with pytest.raises(
        RefusedError,
        match=r"may only create, and this would delete/create aws_dynamodb_table\.this",
    ):
        shop.apply(document)

    assert shop.held("table") == {"aws_dynamodb_table.this": {"key": "ID"}}


def test_what_waits_for_a_component_outside_the_document_is_refused(shop: Shop) -> None:
    document = shop.plan("table")

    with pytest.raises(RefusedError, match="iam, which it depends on, was never applied"):
        shop.apply(document)


def test_the_first_failure_ends_the_run_and_says_how_far_it_came(shop: Shop) -> None:
    shop.terraform.breaks["table"] = 0

    with pytest.raises(BlueprintError, match="apply of table failed: Throttled"):
        shop.apply(shop.plan())

    assert shop.outcomes() == {
        "functions": "not started",
        "iam": "applied",
        "table": "failed",
        "topic": "applied",
    }
    (failed,) = [result for result in shop.runs[-1].results if result.outcome == "failed"]
    assert failed.error == "apply of table failed: Throttled"
    assert shop.runs[-1].error == "apply of table failed: Throttled"


def test_the_same_document_continues_where_a_broken_run_stopped(shop: Shop) -> None:
    document = shop.plan()
    shop.terraform.breaks["functions"] = 0
    with pytest.raises(BlueprintError, match="Throttled"):
        shop.apply(document)
    shop.terraform.breaks.clear()
    shop.forget_calls()

    shop.apply(document)

    assert applied(shop) == ["apply functions"]
    assert shop.outcomes() == {
        "functions": "applied",
        "iam": "skipped",
        "table": "skipped",
        "topic": "skipped",
    }


def test_half_an_apply_is_not_what_was_reviewed(shop: Shop) -> None:
    shop.deploy()
    resources = {"aws_sns_topic.this": {"name": "other"}, "aws_sns_topic.second": {"name": "s"}}
    shop.set("topic", resources=resources)
    document = shop.plan("topic")
    shop.terraform.breaks["topic"] = 1
    with pytest.raises(BlueprintError, match="Throttled"):
        shop.apply(document)
    shop.terraform.breaks.clear()

    with pytest.raises(RefusedError, match=r"aws_sns_topic.this: only reviewed: update"):
        shop.apply(document)


def test_drift_that_the_document_heals_is_healed_though_its_content_was_applied(
    shop: Shop,
) -> None:
    shop.deploy()
    topic = shop.stack.components["topic"]
    shop.terraform.change_by_hand(topic, "aws_sns_topic.this", name="by hand")

    shop.apply(shop.plan("topic"))

    assert shop.held("topic") == {"aws_sns_topic.this": {"name": "alarms"}}


def test_drift_that_the_document_does_not_know_is_refused(shop: Shop) -> None:
    shop.deploy()
    document = shop.plan("topic")
    topic = shop.stack.components["topic"]
    shop.terraform.change_by_hand(topic, "aws_sns_topic.this", name="by hand")

    with pytest.raises(RefusedError, match="component topic of dev: reviewed no change, now"):
        shop.apply(document)


def test_an_apply_that_moved_the_state_meanwhile_makes_the_plan_stale(shop: Shop) -> None:
    shop.deploy()
    memory(shop, 512)
    ttl(shop, on=False)
    document = shop.plan("table")
    table = shop.stack.components["table"]
    real = shop.terraform.apply

    def raced(component: object, *, file: object) -> object:
        state = shop.terraform.state(table)
        assert state is not None
        shop.terraform.write(table, shop.held("table"), {"name": "orders"}, serial=99)
        return real(component, file=file)  # type: ignore[arg-type]

    shop.terraform.apply = raced  # type: ignore[assignment,method-assign]

    with pytest.raises(BlueprintError, match="stale"):
        shop.apply(document)


def test_what_is_prepared_is_prepared_before_its_component_is_planned(shop: Shop) -> None:
    shop.deploy()
    memory(shop, 512)
    document = shop.plan("functions")
    shop.forget_calls()

    shop.apply(document, prepare=lambda item: shop.terraform.log.append(f"prepare {item.name}"))

    assert shop.terraform.log[:2] == ["prepare functions", "plan functions"]


def test_a_document_of_nothing_changes_nothing(shop: Shop) -> None:
    document = Document("dev", shop.plan("topic").source, {}, ())

    assert shop.apply(document).results == ()
    assert shop.s3.buckets[STATES] == {}


def test_an_interruption_is_told(shop: Shop) -> None:
    document = shop.plan("topic")

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shop.apply(document, prepare=interrupt)

    assert shop.runs[-1].error == "interrupted"
