"""Three hundred component instances: what has not changed costs neither Terraform nor another call of Atmos."""

import os
import shutil
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from blueprint import paths, processes
from blueprint.promotion import affected
from blueprint.promotion.affected import Affected
from blueprint.promotion.git import Repository
from blueprint.stacks import environment
from tests.git_repository import GitRepository
from tests.stacks import instances

FEW = {"dev": 4}
MANY = {"dev": 150, "prod": 150}
CHANGED = "one-003"


@dataclass(frozen=True)
class Counted:
    """An environment in which every start of Terraform and Atmos is written down before it happens."""

    env: dict[str, str]
    log: Path

    def starts(self) -> Counter[str]:
        """How often each was started since the last time this was asked."""
        lines = self.log.read_text().split() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return Counter(lines)


@pytest.fixture
def counted(tmp_path: Path) -> Counted:
    env = environment.base()
    shims, log = tmp_path / "bin", tmp_path / "starts"
    shims.mkdir()
    for name in ("atmos", "terraform"):
        shim = shims / name
        program = shutil.which(name, path=env["PATH"])
        shim.write_text(f'#!/bin/sh\necho {name} >> "{log}"\nexec "{program}" "$@"\n')
        shim.chmod(0o755)
    env["PATH"] = os.pathsep.join([str(shims), env["PATH"]])
    return Counted(env, log)


@dataclass(frozen=True)
class Deployed:
    """A repository, and the commit of it that was deployed before one instance was changed."""

    repository: GitRepository
    commit: str

    def affected(self, stack: str, env: dict[str, str]) -> Affected:
        """As the command line asks: the deployed commit checked out afresh, compared with the work tree."""
        with affected.checked_out(Repository(self.repository.root, env), self.commit) as root:
            return affected.find(stack, target=self.repository.root, deployed=root, env=env)


def change_one(directory: Path, stacks: dict[str, int]) -> Deployed:
    repository = instances.make(directory, stacks)
    deployed = repository.head
    file = repository.root / "stacks" / "deploy" / "dev.yaml"
    plain, changed = f'"{CHANGED}": {{', f'"{CHANGED}": {{"vars": {{"text": "second"}}, '
    repository.commit(
        "feat: one", {"stacks/deploy/dev.yaml": file.read_text().replace(plain, changed)}
    )
    return Deployed(repository, deployed)


@pytest.mark.parametrize("stacks", [FEW, MANY], ids=["4 instances", "300 instances"])
def test_exactly_the_one_changed_is_found_with_two_calls_of_atmos_and_none_of_terraform(
    stacks: dict[str, int], tmp_path: Path, counted: Counted
) -> None:
    deployed = change_one(tmp_path / "tree", stacks)

    for stack in stacks:
        found = deployed.affected(stack, counted.env)

        assert len(found.stack.components) == stacks[stack]
        assert [(item.component.name, item.kind, item.parts) for item in found.differences] == (
            [(CHANGED, "changed", ("vars.text",))] if stack == "dev" else []
        )
        assert counted.starts() == {"atmos": 2}


def test_a_change_to_what_all_are_made_of_is_found_in_all(tmp_path: Path, counted: Counted) -> None:
    deployed = change_one(tmp_path / "tree", MANY)
    deployed.repository.write({"contract.yaml": "other routes\n"})

    found = deployed.affected("prod", counted.env)

    assert len(found.names("changed")) == 150
    assert {item.parts for item in found.differences} == {("contract.yaml",)}
    assert counted.starts() == {"atmos": 2}


def test_the_counter_sees_a_terraform_that_atmos_starts(tmp_path: Path, counted: Counted) -> None:
    """Without this the counts above could be of nothing."""
    tree = change_one(tmp_path / "tree", FEW).repository.root

    processes.run(["atmos", "terraform", "version"], cwd=tree, env=counted.env)

    assert counted.starts() == {"atmos": 1, "terraform": 1}


# Real in what costs: Terraform starts the AWS provider and reads its schema. A plan that creates asks AWS nothing.
QUEUE = """\
terraform {
  required_providers { aws = { source = "hashicorp/aws", version = "~> 5.100" } }
}
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
variable "text" { type = string }
resource "aws_sqs_queue" "marker" { name = var.text }
"""


def test_what_it_costs_beside_planning_that_one_component(tmp_path: Path, counted: Counted) -> None:
    """Measured and printed, and held to no number of seconds: `pytest -s` shows it."""
    component = tmp_path / "queue"
    component.mkdir()
    (component / "main.tf").write_text(QUEUE)
    shutil.copy(paths.COMPONENTS / "_shared" / ".terraform.lock.hcl", component)
    plan = ["terraform", "plan", "-input=false", "-var=text=second"]
    assert processes.run(["terraform", "init", "-input=false"], cwd=component, env=counted.env).ok

    started = time.perf_counter()
    planned = processes.run(plan, cwd=component, env=counted.env)
    alone = time.perf_counter() - started

    assert "1 to add" in planned.output
    assert counted.starts() == {"terraform": 2}
    for name, stacks in (("4", FEW), ("300", MANY)):
        deployed = change_one(tmp_path / name, stacks)
        started = time.perf_counter()
        found = deployed.affected("dev", counted.env)
        took = time.perf_counter() - started
        print(
            f"\naffected, 1 changed of {name}: {took:.2f} s, which is {took / alone:.2f} of"
            f" `terraform plan` of one component alone ({alone:.2f} s)"
        )
        assert found.names() == (CHANGED,)
        assert counted.starts() == {"atmos": 2}
