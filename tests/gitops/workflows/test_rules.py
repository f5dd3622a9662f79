"""The shipped workflows break no rule, and each rule is broken by one slip in them."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer.main

from blueprint import cli, paths
from blueprint.errors import UsageError
from blueprint.workflows import commands, duties, rules
from blueprint.workflows.findings import Finding

TARGETS = commands.targets(paths.ROOT / "Makefile")
VERBS = commands.verbs(typer.main.get_command(cli.app))
SHA = "3d3c42e5aac5ba805825da76410c181273ba90b1"


@dataclass(frozen=True)
class Slip:
    """`old` in `file` becomes `new` (the first time), and that breaks `rule` on the line with `shown`."""

    rule: str
    file: str
    old: str
    new: str
    shown: str


def check(root: Path) -> list[Finding]:
    return rules.check(root, targets=TARGETS, verbs=VERBS)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of what the rules read."""
    for folder in (".github", "policies/workflows"):
        shutil.copytree(paths.ROOT / folder, tmp_path / folder)
    return tmp_path


SLIPS = [
    Slip("pin", "checks.yml", f"@{SHA} # v7.0.1", "@v7", "checkout@v7"),
    Slip("pin", "checks.yml", f"@{SHA}", f"@{SHA[:39]}", SHA[:39]),
    Slip("pin-version", "checks.yml", f"@{SHA} # v7.0.1", f"@{SHA}", SHA),
    Slip("pin-twice", "pr.yml", f"@{SHA}", f"@{SHA[::-1]}", SHA[::-1]),
    Slip("local", "checks.yml", "./.github/actions/setup", "./.github/actions/set-up", "set-up"),
    Slip("local", "rollback.yml", "workflows/apply.yml", "workflows/aply.yml", "aply"),
    Slip(
        "trigger", "pr.yml", "  pull_request:\n", "  pull_request_target:\n", "pull_request_target"
    ),
    Slip("trigger", "deploy.yml", "  push:\n", "  workflow_run: {}\n  push:\n", "workflow_run"),
    Slip("permissions-top", "pr.yml", "permissions: {}", "permissions: read-all", "read-all"),
    Slip("permissions-top", "pr.yml", "permissions: {}\n", "", "# What a pull request"),
    Slip("permissions", "checks.yml", "contents: read", "contents: write", "permissions:"),
    Slip("permissions", "pr.yml", "    permissions: {}\n    steps", "    steps", "gate:"),
    Slip(
        "permissions",
        "pr.yml",
        "permissions: {}\n    steps",
        "permissions: write-all\n    steps",
        "write-all",
    ),
    Slip("undeclared", "checks.yml", "  check:\n", "  cheque:\n", "cheque:"),
    Slip(
        "id-token",
        "pr.yml",
        "      id-token: write # become the plan",
        "      # become the plan",
        "  plan:",
    ),
    Slip(
        "id-token",
        "pr.yml",
        "aws-actions/configure-aws-credentials@",
        "aws-actions/other@",
        "  plan:",
    ),
    Slip(
        "role", "destroy.yml", "_APPLY_ROLE_ARN", "_PLAN_ROLE_ARN", "- name: Become the apply role"
    ),
    Slip(
        "cache", "apply.yml", '          cache: "false"\n', '          cache: "true"\n', "  apply:"
    ),
    Slip(
        "environment", "apply.yml", "    environment: ${{ inputs.environment }}\n", "", "  apply:"
    ),
    Slip("environment", "destroy.yml", "}}-destroy", "}}", "environment: ${{"),
    Slip(
        "condition",
        "deploy.yml",
        "    if: needs.resolve.outputs.environment != ''",
        "    if: always() && needs.resolve.outputs.environment != ''",
        "if: always()",
    ),
    Slip(
        "condition",
        "apply.yml",
        "    needs: plan\n",
        "    needs: plan\n    if: ${{ !cancelled() }}\n",
        "if: ${{ !canc",
    ),
    Slip("timeout", "checks.yml", "    timeout-minutes: 20\n", "", "  check:"),
    Slip("timeout", "checks.yml", "timeout-minutes: 20", "timeout-minutes: 360", "  check:"),
    Slip("runner", "checks.yml", "ubuntu-24.04", "self-hosted", "  check:"),
    Slip(
        "failure-hidden",
        "apply.yml",
        "    needs: plan\n",
        "    needs: plan\n    continue-on-error: true\n",
        "  apply:",
    ),
    Slip(
        "failure-hidden",
        "checks.yml",
        "        run: make check",
        "        continue-on-error: true\n        run: make check",
        "- name: Static",
    ),
    Slip(
        "secrets",
        "deploy.yml",
        "    uses: ./.github/workflows/apply",
        "    secrets: inherit\n    uses: ./.github/workflows/apply",
        "  apply:",
    ),
    Slip("secrets", "pr.yml", "${{ github.token }}", "${{ secrets.TOKEN }}", "secrets.TOKEN"),
    Slip("secrets", "load-test.yml", "secrets.LOAD_TOKEN", "secrets['LOAD_TOKEN']", "secrets['"),
    Slip(
        "call-permissions",
        "rollback.yml",
        "      issues: write",
        "      # issues: write",
        "permissions:",
    ),
    Slip(
        "concurrency",
        "deploy.yml",
        "deploy-${{ needs.resolve.outputs.environment }}",
        "deploy",
        "concurrency:",
    ),
    Slip(
        "concurrency",
        "rollback.yml",
        "environment }}\n      cancel-in-progress: false\n    permissions:\n      contents: write",
        "environment }}\n      cancel-in-progress: true\n    permissions:\n      contents: write",
        "concurrency:",
    ),
    Slip(
        "concurrency",
        "preview.yml",
        "cancel-in-progress: false",
        "cancel-in-progress: true",
        "concurrency:",
    ),
    Slip(
        "checkout-token",
        "checks.yml",
        "persist-credentials: false",
        "persist-credentials: true",
        "- name: Check out",
    ),
    Slip(
        "artifact-name",
        "pr.yml",
        "name: plan-${{ matrix.environment }}\n          path",
        "name: plan\n          path",
        "- name: Keep the plan",
    ),
    Slip(
        "artifact-missing",
        "pr.yml",
        "pattern: plan-*",
        "pattern: plans-*",
        "- name: Fetch the plan",
    ),
    Slip(
        "artifact-missing", "preview.yml", "    needs: packages\n", "", "- name: Fetch the packages"
    ),
    Slip(
        "artifact-days", "pr.yml", "          retention-days: 5\n", "", "- name: Keep the packages"
    ),
    Slip(
        "artifact-empty",
        "pr.yml",
        "          if-no-files-found: error\n",
        "",
        "- name: Keep the packages",
    ),
    Slip(
        "artifact-twice",
        "apply.yml",
        "name: result-${{",
        "name: plan-${{",
        "- name: Keep the result",
    ),
    Slip("run-expression", "pr.yml", 'base "$BASE"', "base ${{ github.head_ref }}", "--base ${{"),
    Slip("run-variable", "pr.yml", 'base "$BASE"', 'base "$BASIS"', "$BASIS"),
    Slip("run-one", "checks.yml", "run: make check", "run: make check || true", "make check"),
    Slip(
        "run-one",
        "checks.yml",
        "run: make check",
        "run: |\n          make check\n          make test",
        "run: |",
    ),
    Slip("run-known", "checks.yml", "run: make check", "run: make cheque", "make cheque"),
    Slip("run-known", "checks.yml", "run: make check", "run: make check test", "make check test"),
    Slip("run-known", "checks.yml", "run: make check", "run: curl example.com", "curl"),
    Slip(
        "run-known",
        "destroy.yml",
        "run: exec .venv/bin/blueprint delivery prune",
        "run: .venv/bin/blueprint delivery prune",
        "delivery prune",
    ),
    Slip("run-known", "pr.yml", "delivery separation", "delivery separate", "delivery separate"),
    Slip("run-known", "pr.yml", "--require-reviewed", "--require-review", "--require-review "),
    Slip("run-known", "checks.yml", "run: make check", 'run: test "$A" = "$A"', "test"),
]


@pytest.mark.parametrize(
    "slip",
    SLIPS,
    ids=lambda slip: f"{slip.rule}: {slip.file}: {slip.new.strip()[:40] or 'nothing'}",
)
def test_a_slip_is_found_on_its_line(root: Path, slip: Slip) -> None:
    file = root / ".github" / "workflows" / slip.file
    text = file.read_text()
    assert slip.old in text
    file.write_text(text.replace(slip.old, slip.new, 1))

    found = [finding for finding in check(root) if finding.rule == slip.rule]

    assert found
    lines = file.read_text().splitlines()
    assert found[0].file == f".github/workflows/{slip.file}"
    assert slip.shown in lines[found[0].line - 1]
    assert found[0].remedy


def test_the_shipped_workflows_break_no_rule() -> None:
    assert [str(finding) for finding in check(paths.ROOT)] == []


def test_composite_actions_are_held_to_the_same(root: Path) -> None:
    file = root / ".github" / "actions" / "setup" / "action.yml"
    file.write_text(
        file.read_text().replace("run: make bootstrap", "run: make ${{ inputs.cache }}")
    )

    (finding,) = check(root)

    assert str(finding) == (
        f".github/actions/setup/action.yml:{finding.line}: run-expression: an expression in `run` becomes part "
        'of the script; hand it over by `env` and write "$NAME"'
    )


def test_more_than_is_taken_may_be_declared_so_that_the_two_can_change_apart(root: Path) -> None:
    file = root / duties.FILE
    file.write_text(
        file.read_text().replace(
            "    permissions: {}\n",
            "    permissions: { checks: write }\n  later:\n    why: x\n    permissions: {}\n",
        )
    )

    assert check(root) == []


def test_a_role_that_changes_an_account_needs_an_environment_whatever_is_declared(
    root: Path,
) -> None:
    for file in (root / duties.FILE, root / ".github/workflows/destroy.yml"):
        text = file.read_text()
        line = "    environment: ${{ inputs.environment }}-destroy\n"
        assert line in text
        file.write_text(text.replace(line, ""))

    (finding,) = check(root)

    assert finding.message == "job destroy changes an account and waits for nobody"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "contents: read",
            "contents: reed",
            r"permissions\.yaml:10: apply\.yml\.plan\.permissions\.contents: 'reed' is not one of",
        ),
        (
            "role: plan",
            "role: admin",
            r"permissions\.yaml:11: apply\.yml\.plan\.role: 'admin' is not one of",
        ),
        (
            "    why: Makes",
            "    because: Makes",
            r"permissions\.yaml:9: apply\.yml\.plan\.because: there is no such key",
        ),
    ],
)
def test_a_slip_in_the_declared_duties_is_named(
    root: Path, old: str, new: str, message: str
) -> None:
    file = root / duties.FILE
    file.write_text(file.read_text().replace(old, new, 1))

    with pytest.raises(UsageError, match=message):
        check(root)
