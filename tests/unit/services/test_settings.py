"""Settings: read from the environment, and a clear message when it lacks something."""

from datetime import timedelta

import pytest

from services.core.settings import (
    ApiSettings,
    AuthorizerSettings,
    ProcessorSettings,
    SchedulerSettings,
    SettingError,
)

ENVIRON = {
    "TABLE_NAME": "table",
    "QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/111122223333/orders",
    "RECEIPTS_BUCKET": "receipts",
    "PENDING_AFTER_SECONDS": "60",
    "JWKS_URL": "https://issuer.example/jwks.json",
    "ISSUER": "https://issuer.example",
    "CLIENT_IDS": "web, machine,",
}


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (ApiSettings, "TABLE_NAME"),
        (ApiSettings, "QUEUE_URL"),
        (ProcessorSettings, "TABLE_NAME"),
        (ProcessorSettings, "RECEIPTS_BUCKET"),
        (SchedulerSettings, "TABLE_NAME"),
        (SchedulerSettings, "QUEUE_URL"),
        (AuthorizerSettings, "JWKS_URL"),
        (AuthorizerSettings, "ISSUER"),
        (AuthorizerSettings, "CLIENT_IDS"),
    ],
)
@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_missing_variable_is_named(
    settings: type[ApiSettings], name: str, value: str | None
) -> None:
    environ = {key: text for key, text in ENVIRON.items() if key != name}
    if value is not None:
        environ[name] = value

    with pytest.raises(SettingError, match=f"environment variable {name} is not set"):
        settings.read(environ)


def test_client_ids_are_separated_by_commas() -> None:
    assert AuthorizerSettings.read(ENVIRON).client_ids == {"web", "machine"}


def test_a_list_of_commas_names_no_client() -> None:
    with pytest.raises(SettingError, match="CLIENT_IDS names no client"):
        AuthorizerSettings.read(ENVIRON | {"CLIENT_IDS": " ,, "})


def test_orders_count_as_left_behind_after_five_minutes_by_default() -> None:
    environ = {key: text for key, text in ENVIRON.items() if key != "PENDING_AFTER_SECONDS"}

    assert SchedulerSettings.read(environ).pending_after == timedelta(minutes=5)
    assert SchedulerSettings.read(ENVIRON).pending_after == timedelta(minutes=1)


@pytest.mark.parametrize("text", ["five", "-1", "1.5", ""])
def test_a_period_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(SettingError, match="PENDING_AFTER_SECONDS must be whole seconds"):
        SchedulerSettings.read(ENVIRON | {"PENDING_AFTER_SECONDS": text})
