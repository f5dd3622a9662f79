"""Holds every Terraform file of the repository to policies/terraform.yaml; nothing is fetched or started."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from blueprint import paths
from blueprint.errors import BlueprintError
from blueprint.sources import module as modules
from blueprint.sources import policy as policies
from blueprint.sources import rules
from blueprint.sources.finding import Finding
from blueprint.sources.module import Module
from blueprint.sources.policy import Policy

# Made by Terraform beside a component, never in git.
_MADE = ".terraform"


def check(root: Path = paths.COMPONENTS) -> None:
    """Raise BlueprintError with everything below `root` that breaks a rule: file, line, rule and remedy."""
    if findings := find(root, policies.read()):
        raise BlueprintError(
            "\n".join(str(finding) for finding in findings),
            remedy="each line says what to do; policies/README.md says why",
        )


def find(root: Path, policy: Policy) -> list[Finding]:
    """The findings below `root`, by file and line."""
    found: list[Finding] = []
    for directory in _directories(root):
        found += _files(directory)
        module = modules.read(directory)
        tests = modules.read(directory, "tests/*.tftest.hcl")
        found += [
            *rules.unreadable(module),
            *rules.plain_labels(module),
            *rules.providers(module, policy),
            *rules.provider_arguments(module, policy),
            *rules.refused_blocks(module, policy),
            *rules.local_modules(module, root),
            *rules.state_by_stack(module),
            # `terraform init` fetches what tests name, too.
            *rules.unreadable(tests),
            *rules.plain_labels(tests),
            *rules.providers(tests, policy, declared=module),
            *rules.local_modules(tests, root),
        ]
        if directory.parent == root and module.blocks:
            found += _locked(directory, module, policy)
    return sorted(set(found), key=lambda finding: (finding.file, finding.line, finding.rule))


def _locked(directory: Path, module: Module, policy: Policy) -> Iterator[Finding]:
    file = directory / ".terraform.lock.hcl"
    if not file.is_file():
        yield Finding(
            file, 1, "locked-by-hash", "there is no lock file", "run `make fix`, which shares it"
        )
        return
    locks = modules.read(directory, file.name)
    used = {address for address, _, _ in module.declared().values()}
    yield from rules.unreadable(locks)
    yield from rules.lock(file, locks, used, policy)


def _directories(root: Path) -> Iterator[Path]:
    for place, names, _ in os.walk(root):
        names[:] = sorted(name for name in names if name != _MADE)
        yield Path(place)


def _files(directory: Path) -> Iterator[Finding]:
    """What the rules could not look into: Terraform in JSON, and what lies elsewhere."""
    for entry in sorted(directory.iterdir()):
        if entry.name == _MADE:
            continue
        if entry.is_symlink():
            yield Finding(
                entry,
                1,
                "no-links",
                "a symbolic link leads out of what was checked",
                "put the files here",
            )
        elif entry.name.endswith((".tf.json", ".tftest.json", ".tofu")) and not _backend(entry):
            yield Finding(
                entry, 1, "hcl-only", "only HCL is read by these rules", "write it as a .tf file"
            )
        elif entry.name.endswith(".tftest.hcl") and directory.name != "tests":
            yield Finding(
                entry, 1, "tests-in-tests", "a test outside tests/", "move it into tests/ beside it"
            )


def _backend(file: Path) -> bool:
    """Whether `file` is what Atmos writes beside a component before each run: its backend, and nothing more."""
    if file.name != "backend.tf.json":
        return False
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return set(document) == {"terraform"} and set(document["terraform"]) == {"backend"}
