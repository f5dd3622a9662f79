"""What a plan document says, and what it costs to make it."""

from dataclasses import replace
from datetime import date

import pytest

from blueprint.errors import BlueprintError, UsageError
from blueprint.review import planning
from blueprint.review.allowances import Allowance
from blueprint.review.document import Source, Tally
from blueprint.review.guard import Guard
from tests.gitops.review.conftest import COMMIT, TODAY, Shop
from tests.gitops.review.fakes import PLANS, STATES, component

PULL_REQUEST = Source(COMMIT, base="b" * 40, pull_request=12)


def test_in_an_empty_account_what_depends_on_others_waits_and_nothing_is_written(
    shop: Shop,
) -> None:
    document = shop.plan()

    assert {item.component: item.outcome for item in document.components} == {
        "functions": "waits",
        "iam": "changes",
        "table": "waits",
        "topic": "changes",
    }
    functions = document.component("functions")
    assert functions is not None
    assert (functions.waits_for, functions.digest) == (("iam", "table"), None)
    assert shop.s3.buckets[STATES] == {}
    assert sorted(shop.terraform.log) == ["plan_anew iam", "plan_anew topic"]


def test_terraform_is_started_for_what_is_named_and_for_nothing_else(shop: Shop) -> None:
    shop.deploy()
    shop.set("topic", resources={"aws_sns_topic.this": {"name": "other"}})

    document = shop.plan("topic")

    assert [item.component for item in document.components] == ["topic"]
    assert shop.terraform.calls["plan"] == 1


def test_no_names_mean_no_plans(shop: Shop) -> None:
    document = planning.plan(
        shop.stack,
        {},
        components=(),
        source=Source(COMMIT),
        s3=shop.s3,
        runner=shop.terraform,
        guard=shop.guard,
        root=shop.root,
    )

    assert document.components == ()
    assert not shop.terraform.calls


def test_a_change_is_told_with_its_counts_and_attributes(shop: Shop) -> None:
    shop.deploy()
    shop.set("table", resources={"aws_dynamodb_table.this": {"key": "PK", "ttl": False}})

    table = shop.plan("table").component("table")

    assert table is not None
    assert table.counts == Tally(update=1)
    (change,) = table.changes
    (attribute,) = change.attributes
    assert (attribute.path, attribute.before, attribute.after) == ("ttl", True, False)
    assert table.state is not None
    assert table.state.lineage == "lineage of table"


def test_an_unchanged_component_has_no_digest_and_needs_no_review(shop: Shop) -> None:
    shop.deploy()

    document = shop.plan()

    assert {item.outcome for item in document.components} == {"unchanged"}
    planning.require_reviewed(document, shop.store)


def test_the_same_plan_has_the_same_digest_in_another_run_and_commit(shop: Shop) -> None:
    shop.deploy()
    shop.set("topic", resources={"aws_sns_topic.this": {"name": "other"}})

    first = shop.plan("topic", source=PULL_REQUEST)
    second = shop.plan("topic", source=Source("d" * 40, run="https://example.com/1"))

    assert first.digest == second.digest


def test_what_an_earlier_run_has_moved_under_a_dependent_is_planned_too(shop: Shop) -> None:
    shop.deploy()
    shop.set("iam", outputs={"role": "arn-of-another"})
    with pytest.raises(BlueprintError, match="functions was not reviewed"):
        shop.apply(shop.plan("iam"))
    shop.forget_calls()

    document = shop.plan("iam")

    assert {item.component: item.outcome for item in document.components} == {
        "functions": "changes",
        "iam": "unchanged",
    }
    assert sorted(call for call in shop.terraform.log if "values" not in call) == [
        "plan functions",
        "plan iam",
    ]


def test_a_first_apply_that_broke_off_keeps_its_new_dependents_waiting(shop: Shop) -> None:
    shop.set(
        "iam",
        resources={"aws_iam_role.api": {"name": "api"}, "aws_iam_role.second": {"name": "s"}},
    )
    shop.terraform.breaks["iam"] = 1
    with pytest.raises(BlueprintError, match="Throttled"):
        shop.apply(shop.plan())

    document = shop.plan()

    assert {item.component: item.outcome for item in document.components}["table"] == "waits"


def test_an_empty_state_that_a_broken_run_left_says_no_more_than_none(shop: Shop) -> None:
    first = shop.plan("iam")
    shop.terraform.write(shop.stack.components["iam"], {}, {}, serial=1)

    second = shop.plan("iam")

    assert second.components[0].state is None
    assert second.digest == first.digest


def test_the_guard_looks_at_every_plan(shop: Shop) -> None:
    shop.deploy()
    shop.set("table", resources={"aws_dynamodb_table.this": {"key": "ID", "ttl": True}})

    (finding,) = shop.plan("table").findings

    assert finding.rule == "stateful-replace"
    assert "aws_dynamodb_table.this of table in dev" in finding.message


def test_an_allowance_takes_the_finding_away(shop: Shop) -> None:
    shop.deploy()
    shop.set("table", resources={"aws_dynamodb_table.this": {"key": "ID", "ttl": True}})
    row = Allowance(
        "dev", "table", "aws_dynamodb_table.this", "replace", "exported before", date(2026, 12, 1)
    )

    assert shop.plan("table", guard=Guard(allowances=(row,), today=TODAY)).findings == ()


def test_a_pull_request_is_told_of_an_expired_allowance_and_a_deployment_goes_on(
    shop: Shop,
) -> None:
    row = Allowance(
        "dev", "table", "aws_dynamodb_table.this", "replace", "exported before", date(2026, 1, 1)
    )
    guard = Guard(allowances=(row,), today=TODAY)

    shop.plan("topic", guard=guard)
    with pytest.raises(UsageError, match=r"\[0\]\.until: 2026-01-01 has passed"):
        shop.plan("topic", guard=guard, source=PULL_REQUEST)


def test_a_removed_component_is_planned_from_its_state(shop: Shop) -> None:
    shop.deploy()
    gone = component("old")
    shop.terraform.write(gone, {"aws_sqs_queue.this": {}, "aws_iam_role.a": {}}, {}, serial=4)

    document = shop.plan("topic", removed=[gone, component("never-applied")])

    (removed,) = document.of("removed")
    assert [change.address for change in removed.changes] == [
        "aws_iam_role.a",
        "aws_sqs_queue.this",
    ]
    assert removed.counts == Tally(delete=2)
    assert [finding.rule for finding in removed.findings] == ["stateful-destroy"]
    assert "plan old" not in shop.terraform.log


def test_a_document_is_kept_with_its_plan_files(shop: Shop) -> None:
    shop.deploy()
    shop.set("topic", resources={"aws_sns_topic.this": {"name": "other"}})

    document = shop.plan("topic", store=shop.store)

    assert shop.store.document(document.digest) == document
    topic = document.component("topic")
    assert topic is not None
    assert topic.file is not None
    assert b"other" in shop.store.file(topic.file)
    assert not [name for name in shop.s3.buckets[PLANS] if name.startswith("reviewed/")]


def test_what_a_pull_request_showed_is_reviewed_and_anything_else_is_not(shop: Shop) -> None:
    shop.deploy()
    shop.set("topic", resources={"aws_sns_topic.this": {"name": "other"}})
    shop.plan("topic", store=shop.store, source=PULL_REQUEST)
    planning.require_reviewed(shop.plan("topic"), shop.store)

    shop.set("topic", resources={"aws_sns_topic.this": {"name": "third"}})
    with pytest.raises(
        BlueprintError, match="component topic of dev: no pull request has shown"
    ) as refused:
        planning.require_reviewed(shop.plan("topic"), shop.store)

    assert shop.plan("topic").digest in refused.value.remedy


def test_another_plan_of_the_same_content_is_refused_with_both_digests(shop: Shop) -> None:
    shop.deploy()
    shop.set("topic", resources={"aws_sns_topic.this": {"name": "other"}})
    reviewed = shop.plan("topic", store=shop.store, source=PULL_REQUEST).components[0].digest
    topic = shop.stack.components["topic"]
    shop.terraform.change_by_hand(topic, "aws_sns_topic.this", policy="by hand")
    now = shop.plan("topic").components[0].digest

    with pytest.raises(
        BlueprintError, match=rf"plan is {now} now.*reviewed: {reviewed} \(pull request 12\)"
    ):
        planning.require_reviewed(shop.plan("topic"), shop.store)


def test_a_component_that_waits_has_to_have_been_seen_waiting(shop: Shop) -> None:
    document = shop.plan()
    with pytest.raises(BlueprintError, match="component functions of dev: no pull request"):
        planning.require_reviewed(document, shop.store)

    shop.plan(store=shop.store, source=PULL_REQUEST)

    planning.require_reviewed(document, shop.store)


def test_a_person_may_name_the_digest_they_read(shop: Shop) -> None:
    document = shop.plan()

    planning.require_reviewed(document, shop.store, named=document.digest)
    with pytest.raises(BlueprintError, match=f"read is {'0' * 64}, this run's plan is"):
        planning.require_reviewed(document, shop.store, named="0" * 64)


def test_packages_are_named_where_a_planned_component_reads_them(shop: Shop) -> None:
    reading = replace(shop.stack.components["topic"], inputs=("build/packages.json",))
    shop.put(reading)

    with pytest.raises(BlueprintError, match=r"packages\.json is missing"):
        shop.plan("topic")

    assert shop.plan("iam").packages == {}


def test_what_has_to_be_prepared_is_prepared_before_its_plan(shop: Shop) -> None:
    prepared: list[str] = []

    shop.plan("iam", prepare=lambda item: prepared.append(item.name))

    assert prepared == ["iam"]
