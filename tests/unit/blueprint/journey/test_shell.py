"""The environment of a stack as a shell reads it."""

from blueprint.journey.shell import exports


def test_only_what_differs_is_exported_and_quoted() -> None:
    lines = list(exports({"A": "1", "B": "two words", "C": "3"}, before={"A": "1", "C": "x"}))

    assert lines == ["export B='two words'", "export C=3"]


def test_what_would_lead_elsewhere_is_removed() -> None:
    lines = list(
        exports({"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}, before={"AWS_PROFILE": "p"})
    )

    assert lines == ["unset AWS_PROFILE", "export AWS_ENDPOINT_URL=http://127.0.0.1:4566"]
