"""A level at which Lambda would drop what a function writes is refused."""

import shutil
from pathlib import Path

import pytest

from blueprint import paths
from blueprint.errors import BlueprintError
from blueprint.observability import log_levels
from blueprint.observability.log_levels import Logging
from blueprint.stacks.model import Component, Stack


def stack(**values: str) -> Stack:
    component = Component("lambda", "dev", "lambda", values, (), (), {})
    return Stack("dev", {"lambda": component}, emulated=False)


@pytest.fixture
def component(tmp_path: Path) -> Path:
    """The text of the lambda component, to be changed."""
    module = tmp_path / "modules" / "function"
    module.mkdir(parents=True)
    for file in ("main.tf", "modules/function/main.tf"):
        shutil.copy(paths.COMPONENTS / "lambda" / file, tmp_path / file)
    return tmp_path


@pytest.mark.parametrize(
    ("application", "powertools"),
    [("INFO", "INFO"), ("DEBUG", "DEBUG"), ("INFO", "WARNING"), ("TRACE", "INFO")],
)
def test_levels_at_which_nothing_is_lost_are_in_order(application: str, powertools: str) -> None:
    assert list(log_levels.faults(Logging("JSON", application, "INFO", powertools))) == []


@pytest.mark.parametrize("level", ["WARN", "ERROR", "FATAL"])
def test_a_level_that_drops_the_lines_with_metrics_is_a_fault(level: str) -> None:
    (fault,) = log_levels.faults(Logging("JSON", level, "INFO", "CRITICAL"))

    assert fault == (
        f"Lambda drops what is below {level}, and lines with metrics count as INFO: set application_log_level to INFO "
        "or DEBUG"
    )


def test_a_logger_that_writes_more_than_lambda_keeps_is_a_fault() -> None:
    (fault,) = log_levels.faults(Logging("JSON", "INFO", "INFO", "DEBUG"))

    assert fault.startswith("the logger writes DEBUG, and Lambda drops what is below INFO: set")


def test_a_system_level_that_drops_the_reports_is_a_fault() -> None:
    (fault,) = log_levels.faults(Logging("JSON", "INFO", "WARN", "INFO"))

    assert fault.startswith("system_log_level WARN drops the platform.report lines")


def test_text_logs_are_a_fault() -> None:
    (fault,) = log_levels.faults(Logging("Text", "INFO", "INFO", "INFO"))

    assert fault.startswith("log_format is Text; only in JSON are there levels")


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
def test_the_component_takes_both_levels_from_the_stacks_one_value(level: str) -> None:
    logging = log_levels.of(stack(log_level=level))

    assert logging == Logging("JSON", level, "INFO", level)
    assert list(log_levels.faults(logging)) == []


@pytest.mark.parametrize(
    ("file", "before", "after", "fault"),
    [
        (
            "modules/function/main.tf",
            'system_log_level = "INFO"',
            'system_log_level = "WARN"',
            "system_log_level WARN",
        ),
        ("modules/function/main.tf", '"JSON"', '"Text"', "log_format is Text"),
        (
            "modules/function/main.tf",
            "= var.log_level",
            '= "ERROR"',
            "Lambda drops what is below ERROR",
        ),
        ("main.tf", "= var.log_level", '= "DEBUG"', "the logger writes DEBUG"),
    ],
)
def test_a_change_of_the_component_that_loses_lines_is_noticed(
    component: Path, file: str, before: str, after: str, fault: str
) -> None:
    text = (component / file).read_text(encoding="utf-8")
    assert before in text
    (component / file).write_text(text.replace(before, after, 1), encoding="utf-8")

    first, *_ = log_levels.faults(log_levels.of(stack(log_level="INFO"), component))

    assert first.startswith(fault)


def test_a_stack_that_says_no_level_is_an_error() -> None:
    with pytest.raises(
        BlueprintError, match=r"stack dev: .*main\.tf does not say what application_log_level is"
    ):
        log_levels.of(stack())
