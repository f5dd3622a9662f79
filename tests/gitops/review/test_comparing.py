"""The difference of two plans, in lines that a person can decide by."""

from blueprint.review.comparing import differences
from blueprint.review.document import Attribute, Change, ComponentPlan


def plan(*changes: Change, outputs: tuple[str, ...] = ()) -> ComponentPlan:
    return ComponentPlan("table", "k", "changes", changes=changes, outputs=outputs)


def update(address: str, path: str, before: object, after: object) -> Change:
    return Change(address, "aws_x", ("update",), (Attribute(path, before, after),))


def test_every_difference_is_one_line() -> None:
    reviewed = plan(
        update("aws_x.a", "ttl", True, False),
        Change("aws_x.gone", "aws_x", ("create",)),
        Change("aws_x.same", "aws_x", ("create",)),
        Change("aws_x.harder", "aws_x", ("update",)),
        outputs=("name",),
    )
    fresh = plan(
        update("aws_x.a", "ttl", "by hand", False),
        Change("aws_x.came", "aws_x", ("delete",)),
        update("aws_x.drifted", "size", 1, 2),
        Change("aws_x.same", "aws_x", ("create",)),
        Change("aws_x.harder", "aws_x", ("delete", "create")),
        outputs=("arn",),
    )

    assert differences(reviewed, fresh) == [
        "aws_x.a: ttl: reviewed True -> False, now 'by hand' -> False",
        "aws_x.came: only now: delete",
        "aws_x.drifted: only now: update (size)",
        "aws_x.gone: only reviewed: create",
        "aws_x.harder: reviewed update, now delete/create",
        "output arn: only now",
        "output name: only reviewed",
    ]


def test_plans_that_differ_in_a_secret_only_are_said_to_do_so() -> None:
    change = update("aws_x.a", "password", "(masked)", "(masked)")

    assert differences(plan(change), plan(change)) == [
        "what may be shown is equal: a masked value, or the value of an output, is another one"
    ]
