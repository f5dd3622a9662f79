"""Holds `run:` to one make target or blueprint verb: whatever a pipeline does, a person can do."""

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from blueprint.workflows.findings import Finding
from blueprint.workflows.model import Step

# Verb, as the words after `blueprint` -> its options.
Verbs = Mapping[tuple[str, ...], frozenset[str]]

BLUEPRINT = ".venv/bin/blueprint"
_SHELL = re.compile(r"[;|&<>`\n]|\$\(")
_VARIABLE = re.compile(r"\$\{?(\w+)")
_VERDICT = re.compile(r'test "\$\w+" = true')
# GitHub interrupts the step's own process when a run is cancelled, and kills what is left of it ten seconds later.
# The shell hands nothing on: unless the verb takes its place, Terraform is killed in the middle and leaves its lock.
_EXEC = "exec"
_RUN_TERRAFORM = {
    *(("delivery", verb) for verb in ("plan", "apply", "prune", "verify", "drift")),
    *(("preview", verb) for verb in ("up", "down", "sweep")),
}
_ONE = f"run one `make TARGET` or `{BLUEPRINT} VERB`, and write a verb for what is missing"


def verbs(command: Any) -> Verbs:
    """Every verb of a Typer or Click command with its options."""
    return dict(_verbs(command, ()))


def targets(makefile: Path) -> frozenset[str]:
    """The targets of a Makefile."""
    text = makefile.read_text(encoding="utf-8")
    return frozenset(re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE))


def check(
    file: str, step: Step, *, defined: frozenset[str], targets: frozenset[str], verbs: Verbs
) -> Iterator[Finding]:
    """What is wrong with a step's command; `defined` are the variables its job and it set."""
    command = step.run.strip()
    if not command:
        return

    def finding(rule: str, message: str, remedy: str) -> Finding:
        return Finding(file, step.run_line, rule, message, remedy)

    if "${{" in command:
        yield finding(
            "run-expression",
            "an expression in `run` becomes part of the script",
            'hand it over by `env` and write "$NAME"',
        )
        return
    unknown = {
        name
        for name in _VARIABLE.findall(command)
        if name not in defined and not name.startswith(("GITHUB_", "RUNNER_"))
    }
    for name in sorted(unknown):
        yield finding("run-variable", f"${name} is set nowhere", "set it in the step's `env`")
    if _VERDICT.fullmatch(command):
        return
    if _SHELL.search(command):
        yield finding("run-one", "this is more than one command", _ONE)
        return
    yield from (
        finding("run-known", message, remedy)
        for message, remedy in _unknown(shlex.split(command), targets, verbs)
    )


def _unknown(words: list[str], targets: frozenset[str], verbs: Verbs) -> Iterator[tuple[str, str]]:
    replaces_shell = words[0] == _EXEC and len(words) > 1
    program, *arguments = words[1:] if replaces_shell else words
    if program == "make":
        if len(arguments) != 1:
            yield f"`{' '.join(words)}` is not one target", _ONE
        elif arguments[0] not in targets:
            yield f"there is no target {arguments[0]!r}", f"one of: {', '.join(sorted(targets))}"
        return
    if program != BLUEPRINT:
        yield f"`{program}` is neither make nor the blueprint command", _ONE
        return
    verb = next(
        (
            tuple(arguments[:length])
            for length in range(len(arguments), 0, -1)
            if tuple(arguments[:length]) in verbs
        ),
        None,
    )
    if verb is None:
        yield f"there is no verb `blueprint {' '.join(arguments[:2])}`", "see `blueprint --help`"
        return
    if verb in _RUN_TERRAFORM and not replaces_shell:
        yield (
            f"a cancelled run would kill Terraform below `blueprint {' '.join(verb)}`",
            f"let it take the shell's place: `{_EXEC} {BLUEPRINT} {' '.join(verb)} ...`",
        )
    for word in arguments[len(verb) :]:
        option = word.partition("=")[0]
        if option.startswith("-") and option not in verbs[verb]:
            name = f"blueprint {' '.join(verb)}"
            yield f"`{name}` has no option {option}", f"see `{name} --help`"


def _verbs(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
    inner = getattr(command, "commands", None)
    if inner:
        for name, child in inner.items():
            yield from _verbs(child, (*path, name))
        return
    yield (
        path,
        frozenset(
            option
            for parameter in command.params
            for option in (*parameter.opts, *parameter.secondary_opts)
            if option.startswith("-")
        ),
    )
