"""No secret of a plan reaches the people who read its document."""

import json
from typing import Any

import pytest

from blueprint.review import canonical
from blueprint.review.marked import marked
from blueprint.review.masking import MASKED, UNKNOWN, Mask, sensitive_variables

NOTHING = Mask(canonical.Plan((), ()))

# Made up, in the shape of the real ones; put together here so that no scanner takes them for real.
CREDENTIALS = [
    "AKIA" + "IOSFODNN7EXAMPLE",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "ghp_" + "a1B2" * 9,
    "github_pat_" + "a1B2" * 9,
    "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "c2lnbmF0dXJl",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nAB==\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\ncut off",
    "xoxb-" + "123456789012-abcdef",
    "sk_live_" + "a1B2c3D4e5F6g7H8",
]


@pytest.mark.parametrize("credential", CREDENTIALS)
@pytest.mark.parametrize("text", ["{}", "before {} after", '{{"given": "{}"}}'])
def test_what_looks_like_a_credential_is_covered_wherever_it_stands(
    credential: str, text: str
) -> None:
    secret = json.dumps(credential)[1:-1] if text.startswith("{{") else credential
    shown = NOTHING.value(text.format(secret), ("description",))

    assert MASKED in shown
    assert credential.splitlines()[-1][:20] not in shown
    assert credential not in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgres://app:hunter2@db:5432/x", "postgres://(masked)@db:5432/x"),
        ("https://:pw@host/path", "https://(masked)@host/path"),
        ("Bearer abcdefghijklmnop1234", "(masked)"),
        ("host=db password=hunter2 port=1", "host=db (masked) port=1"),
    ],
)
def test_only_the_secret_part_of_a_text_is_covered(text: str, shown: str) -> None:
    assert NOTHING.value(text, ("description",)) == shown


@pytest.mark.parametrize(
    "text",
    [
        "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abc/.well-known/jwks.json",
        "arn:aws:iam::111111111111:role/acme-useast1-dev-api",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "arn:aws:secretsmanager:us-east-1:111111111111:secret:orders-AbCdEf",
    ],
)
def test_names_and_digests_stay_readable(text: str) -> None:
    assert NOTHING.value(text, ("description",)) == text


@pytest.mark.parametrize(
    "path",
    [
        ("master_password",),
        ("client_secret",),
        ("environment", 0, "variables", "DB_PASSWORD"),
        ("variables", "apiKey"),
        ("private_key_pem",),
        ("secret_string",),
        ("x-auth-token",),
        ("github_token",),
        ("credentials", "user"),
        ("access_key",),
    ],
)
def test_an_attribute_whose_name_says_secret_is_covered(path: tuple[str | int, ...]) -> None:
    assert NOTHING.value("plain", path) == MASKED
    assert NOTHING.value(1234, path) == MASKED


@pytest.mark.parametrize(
    "path",
    [
        ("password_policy", 0, "minimum_length"),
        ("token_url",),
        ("access_token_validity",),
        ("secret_arn",),
        ("kms_key_arn",),
        ("hash_key",),
        ("key",),
        ("table_name",),
    ],
)
def test_an_attribute_about_a_secret_is_not_one(path: tuple[str | int, ...]) -> None:
    assert NOTHING.value("plain", path) == "plain"


def test_a_switch_and_what_is_empty_hide_nothing() -> None:
    assert NOTHING.value(True, ("manage_master_user_password",)) is True
    assert NOTHING.value(None, ("password",)) is None
    assert NOTHING.value("", ("password",)) == ""


def test_a_name_and_value_pair_is_told_by_its_name() -> None:
    pair = {"name": "DB_PASSWORD", "value": "plain"}

    assert NOTHING.value([pair], ("env",)) == [{"name": "DB_PASSWORD", "value": MASKED}]
    assert NOTHING.value({"name": "STAGE", "value": "dev"}) == {"name": "STAGE", "value": "dev"}


def test_secrets_in_a_json_text_are_covered_and_other_json_stays_as_written() -> None:
    policy = '{"Statement": [{"Effect": "Allow"}]}'

    assert NOTHING.value(policy) == policy
    assert NOTHING.value('{"password": "plain", "user": "app"}') == (
        '{"password": "(masked)", "user": "app"}'
    )


def test_what_terraform_marks_is_covered_or_announced() -> None:
    value = marked(
        {"a": "x", "b": ["y", "z"]},
        unknown={"c": True},
        sensitive={"a": True, "b": [False, True]},
    )

    assert NOTHING.value(value) == {"a": MASKED, "b": ["y", MASKED], "c": UNKNOWN}


def planted() -> dict[str, Any]:
    """Terraform marks the input and forgets the mark on the output, as terraform_data does."""
    return {
        "format_version": "1.2",
        "variables": {"token": {"value": "tok-en-of-9"}, "stage": {"value": "dev-stage"}},
        "configuration": {"root_module": {"variables": {"token": {"sensitive": True}}}},
        "resource_changes": [
            {
                "address": 'terraform_data.this["tok-en-of-9"]',
                "type": "terraform_data",
                "change": {
                    "actions": ["update"],
                    "before": {
                        "input": {"s": "hunter2"},
                        "output": {"s": "hunter2"},
                        "pin": 123456,
                    },
                    "after": {"input": {"s": "hunter3!"}, "url": "x?k=hunter3!", "pin": 1},
                    "before_sensitive": {"input": {"s": True}, "pin": True},
                    "after_sensitive": {"input": {"s": True}},
                },
            }
        ],
    }


def test_a_value_that_is_sensitive_in_one_place_is_covered_in_every_other() -> None:
    plan = canonical.read(planted(), ignored={}, echoes={})
    mask = Mask(plan, variables=sensitive_variables(planted()))
    (touched,) = plan.resources
    shown = mask.value(touched.before) | mask.value(touched.after)

    assert shown["output"] == {"s": MASKED}
    assert shown["url"] == "x?k=(masked)"
    assert mask.value(123456) == MASKED
    assert mask.text(touched.address) == 'terraform_data.this["(masked)"]'
    assert mask.value("dev-stage") == "dev-stage"


def test_a_secret_too_short_to_be_one_does_not_blank_the_plan() -> None:
    plan = canonical.read(planted(), ignored={}, echoes={})

    assert Mask(plan, variables=["dev"]).value("dev") == "dev"
