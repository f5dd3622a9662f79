"""What a person does about a CloudFormation stack that cannot go on by itself."""

_AGAIN = "then run the command again"
_DELETE = "`aws cloudformation delete-stack --region {region} --stack-name {name}`"
_CONTINUE = "`aws cloudformation continue-update-rollback --region {region} --stack-name {name}`"
_BY_STATUS = {
    "ROLLBACK_COMPLETE": (
        f"its creation failed and nothing of it is left: remove its record with {_DELETE}, {_AGAIN}"
    ),
    "ROLLBACK_FAILED": (
        f"its creation failed, and so did clearing up: resolve what its events name, {_DELETE}, {_AGAIN}"
    ),
    "CREATE_FAILED": f"resolve what its events name, {_DELETE}, {_AGAIN}",
    "DELETE_FAILED": f"resolve what its events name, finish its deletion with {_DELETE}, {_AGAIN}",
    "UPDATE_ROLLBACK_FAILED": f"resolve what its events name, {_CONTINUE}, {_AGAIN}",
}
_BY_REASON = {
    "ACLSizePerRole": (
        "the repository's name makes a trust policy longer than the quota: have IAM's `Role trust policy"
        f" length` raised to 4096 (Service Quotas), {_AGAIN}"
    ),
    "already exists": (
        f"what the message names was made by other means: remove or rename it, {_AGAIN}"
    ),
}


def for_status(status: str, *, name: str, region: str) -> str:
    """What to do about the stack `name` that is `status`."""
    if status.endswith("_IN_PROGRESS"):
        return "somebody else is changing it: run the command again when that is done"
    known = _BY_STATUS.get(status, f"resolve what the message names, {_AGAIN}")
    return known.format(name=name, region=region)


def for_reason(text: str) -> str | None:
    """What to do about a reason that CloudFormation gives; None when it speaks for itself."""
    return next((remedy for sign, remedy in _BY_REASON.items() if sign in text), None)
