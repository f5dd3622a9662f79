"""How the command line ends: the message, the remedy and the exit code for each kind of failure."""

import sys
from collections.abc import Callable

import pytest
from botocore.exceptions import NoCredentialsError

from blueprint import cli
from blueprint.errors import BlueprintError, UsageError

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line with these arguments; the exit code and what went to standard error."""

    def call(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["blueprint", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return int(ended.value.code or 0), capsys.readouterr().err

    return call


def fail_with(error: BaseException) -> Callable[[], None]:
    def verb() -> None:
        raise error

    return verb


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (BlueprintError("no table", remedy="make one"), 1, ("no table", "remedy: make one")),
        (UsageError("bad [value]", remedy="use another"), 2, ("bad [value]", "use another")),
        (NoCredentialsError(), 1, ("Unable to locate credentials", "check the credentials")),
        (
            OSError(28, "No space left on device", "build/x.zip"),
            1,
            ("No space left", "build/x.zip"),
        ),
        (KeyboardInterrupt(), 130, ("interrupted", "run the same command again")),
    ],
)
def test_a_failure_ends_with_its_message_remedy_and_code(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    code: int,
    said: tuple[str, ...],
) -> None:
    app = cli.typer.Typer(pretty_exceptions_enable=False)
    app.command()(fail_with(error))
    monkeypatch.setattr(cli, "app", app)

    ended, stderr = run()

    assert ended == code
    for words in said:
        assert words in stderr


def test_an_unknown_verb_is_a_usage_error(run: Run) -> None:
    code, stderr = run("frobnicate")

    assert code == 2
    assert "frobnicate" in stderr


def test_a_missing_argument_is_a_usage_error_that_names_it(run: Run) -> None:
    code, stderr = run("plan")

    assert code == 2
    assert "Missing argument 'stack'" in stderr
