"""Whether what a function writes reaches its log: Lambda drops the lines below its own log levels."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from blueprint import data_files, paths
from blueprint.errors import BlueprintError
from blueprint.stacks.model import Stack

_COMPONENT = paths.COMPONENTS / "lambda"
_MODULE = Path("modules") / "function" / "main.tf"
# The names of Lambda and of Python's logging for the same levels.
_SEVERITY = {
    "TRACE": 0,
    "DEBUG": 10,
    "INFO": 20,
    "WARN": 30,
    "WARNING": 30,
    "ERROR": 40,
    "FATAL": 50,
    "CRITICAL": 50,
}
_METRICS = _SEVERITY["INFO"]  # a line without a level, as those with metrics are, counts as INFO
_REPORTS = _SEVERITY["INFO"]  # platform.report


@dataclass(frozen=True)
class Logging:
    """How functions log: Lambda's format and levels, and the level of Powertools' logger."""

    format: str
    application: str
    system: str
    powertools: str


def of(stack: Stack, component: Path = _COMPONENT) -> Logging:
    """How the functions of `stack` log, by the lambda component's text and the stack's own `log_level`.

    BlueprintError where the component says it in a way that cannot be followed.
    """
    values = stack.components["lambda"].values

    def setting(file: Path, name: str) -> str:
        found = re.search(
            rf"^\s*{name}\s*=\s*(\S+)$", file.read_text(encoding="utf-8"), re.MULTILINE
        )
        written = found[1] if found else ""
        if written == "var.log_level" and "log_level" in values:
            return str(values["log_level"])
        if literal := re.fullmatch(r'"(\w+)"', written):
            return literal[1]
        raise BlueprintError(
            f"stack {stack.name}: {data_files.shown(file)} does not say what {name} is",
            remedy=f"write {name} out there, or set it to var.log_level and log_level in the stack",
        )

    module = component / _MODULE
    return Logging(
        format=setting(module, "log_format"),
        application=setting(module, "application_log_level"),
        system=setting(module, "system_log_level"),
        powertools=setting(component / "main.tf", "POWERTOOLS_LOG_LEVEL"),
    )


def faults(logging: Logging) -> Iterator[str]:
    """What would be lost, each with the remedy."""
    if logging.format != "JSON":
        yield (
            f"log_format is {logging.format}; only in JSON are there levels, and the keys that saved queries and "
            "metric filters read: set it to JSON"
        )
        return
    application, system = _SEVERITY[logging.application], _SEVERITY[logging.system]
    if application > _METRICS:
        yield (
            f"Lambda drops what is below {logging.application}, and lines with metrics count as INFO: set "
            "application_log_level to INFO or DEBUG"
        )
    if _SEVERITY[logging.powertools] < application:
        yield (
            f"the logger writes {logging.powertools}, and Lambda drops what is below {logging.application}: set "
            "POWERTOOLS_LOG_LEVEL and application_log_level from one value"
        )
    if system > _REPORTS:
        yield (
            f"system_log_level {logging.system} drops the platform.report lines, which the saved queries for memory "
            "and cold starts read: set it to INFO"
        )
