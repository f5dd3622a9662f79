"""Clients reach the embedded AWS and nothing else, whatever the user has set."""

from blueprint.emulator.environment import client_environment, environment
from blueprint.emulator.instance import Instance

INSTANCE = Instance(id="one", pid=7, started="boot/9", port=4570, persist=False)


def test_every_client_is_pointed_at_the_ip_address_of_the_instance() -> None:
    variables = environment(INSTANCE)

    assert variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4570"
    assert variables["AWS_ENDPOINT_URL_S3"] == "http://127.0.0.1:4570"
    assert variables["AWS_ACCESS_KEY_ID"] == "000000000000"
    assert variables["AWS_REGION"] == variables["AWS_DEFAULT_REGION"] == "us-east-1"
    assert variables["AWS_EC2_METADATA_DISABLED"] == "true"


def test_another_account_is_another_access_key() -> None:
    variables = environment(INSTANCE, account="111111111111")

    assert variables["AWS_ACCESS_KEY_ID"] == "111111111111"


def test_no_aws_setting_of_the_user_crosses_over() -> None:
    base = {
        "HOME": "/home/me",
        "AWS_PROFILE": "production",
        "AWS_SESSION_TOKEN": "real",
        "AWS_ACCESS_KEY_ID": "AKIAREAL",
        "AWS_ENDPOINT_URL_DYNAMODB": "https://dynamodb.us-east-1.amazonaws.com",
        "AWS_CONFIG_FILE": "/home/me/.aws/config",
        "AWS_CA_BUNDLE": "/ca.pem",
    }

    variables = client_environment(INSTANCE, base)

    assert variables["HOME"] == "/home/me"
    aws = {name: value for name, value in variables.items() if name.startswith("AWS_")}
    assert aws == environment(INSTANCE)


def test_a_proxy_is_kept_but_not_between_client_and_instance() -> None:
    base = {"HTTP_PROXY": "http://proxy:3128", "NO_PROXY": ".corp"}

    variables = client_environment(INSTANCE, base)

    assert variables["HTTP_PROXY"] == "http://proxy:3128"
    assert variables["NO_PROXY"] == variables["no_proxy"] == ".corp,127.0.0.1,localhost"
