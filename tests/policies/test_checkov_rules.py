"""Every rule of policies/checkov passes and fails exactly the resources its fixture names so."""

import ast
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from blueprint.paths import ROOT, TOOLS

RULES = ROOT / "policies" / "checkov"
CONFIG = ROOT / "policies" / "checkov.yaml"
FIXTURES = Path(__file__).parent / "fixtures"
CHECKOV = Path(os.environ.get("CHECKOV", TOOLS / "venvs" / "checkov" / "bin" / "checkov"))


def rule_files() -> list[Path]:
    return sorted(path for path in RULES.glob("*.py") if path.name != "__init__.py")


def rule_id(rule: Path) -> str:
    """The id a rule passes to checkov, read from its source: checkov is not importable here."""
    ids = [
        keyword.value.value
        for node in ast.walk(ast.parse(rule.read_text()))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "id" and isinstance(keyword.value, ast.Constant)
    ]
    assert len(ids) == 1, f"{rule.name} must define one check, found the ids {ids}"
    return str(ids[0])


def resource_names(rule: Path) -> list[str]:
    source = (FIXTURES / rule.stem / "main.tf").read_text()
    return re.findall(r'^resource "\w+" "(\w+)"', source, re.MULTILINE)


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    """What our rules say of every fixture: one run of checkov, whose start takes seconds."""
    assert CHECKOV.exists(), (
        f"{CHECKOV} does not exist: run `python3 -m blueprint.tools checkov`, or set CHECKOV"
    )
    rules = ",".join(rule_id(rule) for rule in rule_files())
    run = subprocess.run(
        [
            *(CHECKOV, "--config-file", CONFIG, "--directory", FIXTURES),
            *("--check", rules, "--output", "json"),
        ],
        cwd=ROOT,
        env={**os.environ, "LOG_LEVEL": "ERROR"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.strip(), run.stderr
    results = json.loads(run.stdout)["results"]
    found: list[dict[str, Any]] = results["passed_checks"] + results["failed_checks"]
    return found


@pytest.mark.parametrize("rule", rule_files(), ids=lambda rule: rule.stem)
def test_rule_passes_and_fails_the_resources_named_so(
    rule: Path, records: list[dict[str, Any]]
) -> None:
    names = resource_names(rule)

    outcomes = {
        record["resource"].split(".")[-1]: record["check_result"]["result"]
        for record in records
        if record["check_id"] == rule_id(rule) and Path(record["file_path"]).parts[1] == rule.stem
    }

    assert outcomes == {name: "PASSED" if name.startswith("pass") else "FAILED" for name in names}


@pytest.mark.parametrize("rule", rule_files(), ids=lambda rule: rule.stem)
def test_fixture_shows_both_outcomes_and_nothing_else(rule: Path) -> None:
    assert {name.split("_")[0] for name in resource_names(rule)} == {"pass", "fail"}


def test_every_rule_has_its_row_in_the_readme() -> None:
    rows = re.findall(r"^\| `(\w+)`", (ROOT / "policies" / "README.md").read_text(), re.MULTILINE)

    assert rows == sorted(rule_id(rule) for rule in rule_files())


def test_every_skip_is_one_dated_line_with_its_reason() -> None:
    listed = CONFIG.read_text().split("skip-check:\n")[1].splitlines()

    malformed = [
        line
        for line in listed
        if not re.fullmatch(r"  - CKV2?_[A-Z]+_\d+ # \d{4}-\d{2}-\d{2}: \S.{20,}", line)
    ]

    assert malformed == []
    assert listed == sorted(listed), "keep the skips in order, so that two people add one only once"
