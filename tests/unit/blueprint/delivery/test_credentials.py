"""Credentials that end midway are told from every other failure, with the way to go on."""

import pytest

from blueprint.delivery.credentials import rejected


@pytest.mark.parametrize(
    ("output", "cause", "remedy"),
    [
        (
            "Error: creating SQS Queue: operation error SQS, api error ExpiredToken: The security token ...",
            "the credentials expired while it ran (ExpiredToken)",
            "sign in again",
        ),
        ("api error ExpiredTokenException: x", "expired while it ran", "sign in again"),
        (
            "api error InvalidClientTokenId: The security token included in the request is invalid",
            "AWS does not know these credentials (InvalidClientTokenId)",
            "get-caller-identity",
        ),
        (
            "api error RequestTimeTooSkewed: The difference between the request time and ...",
            "AWS refuses the time of this machine (RequestTimeTooSkewed)",
            "correct the clock",
        ),
        (
            "api error SignatureDoesNotMatch: Signature expired: 20261123T0400Z is now earlier than",
            "AWS refuses the time of this machine (Signature expired)",
            "correct the clock",
        ),
    ],
)
def test_the_cause_is_named_and_the_run_resumes(output: str, cause: str, remedy: str) -> None:
    error = rejected("apply of sqs in dev", output)

    assert error is not None
    assert error.message.startswith("apply of sqs in dev stopped: ")
    assert cause in error.message
    assert remedy in error.remedy
    assert "continues where it stopped" in error.remedy


@pytest.mark.parametrize(
    "output",
    [
        "Error: api error SignatureDoesNotMatch: The request signature we calculated does not match",
        "Error: creating table: ValidationException: ExpiredTokens is no attribute",
        "Error: no such function: MyExpiredToken",
        "Apply complete!",
    ],
)
def test_another_failure_is_left_alone(output: str) -> None:
    assert rejected("apply of sqs in dev", output) is None
