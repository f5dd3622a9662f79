"""What is affected, held against Atmos's own `describe affected`: never less, but for what Terraform does not read.

Atmos works in a checkout of the new commit and is given a clone of the old one.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from blueprint import paths, processes
from blueprint.promotion import affected
from blueprint.promotion.affected import Tree
from blueprint.promotion.git import Repository
from blueprint.stacks import environment
from tests.git_repository import GitRepository
from tests.stacks import instances

ALL = {"one", "two", "code"}
INSTANCE = "      metadata: {component: marker, inherits: [base]}\n"
MANIFEST = f"""\
import: [catalog/base]
vars: {{stage: dev}}
terraform: {{backend_type: s3, backend: {{s3: {{bucket: states, key: terraform.tfstate}}}}}}
components:
  terraform:
    one:
{INSTANCE}
    two:
{INSTANCE}
    code:
      metadata: {{component: code}}
      settings:
        depends_on: {{1: {{component: two}}, 2: {{file: build/packages.json}}, 3: {{folder: folder}}}}
"""
FILES = {
    "stacks/deploy/dev.yaml": MANIFEST,
    "stacks/deploy/prod.yaml": MANIFEST.replace("stage: dev", "stage: prod"),
    "components/terraform/code/main.tf": 'module "shared" { source = "../../../modules/shared" }\n',
    "modules/shared/main.tf": 'module "inner" { source = "../inner" }\n',
    "modules/inner/main.tf": "locals {}\n",
    "folder/a.txt": "a\n",
    "services/api/handler.py": "pass\n",
    "requirements/api.txt": "requests==1\n",
    "unrelated.txt": "x\n",
}


@dataclass(frozen=True)
class Change:
    """A file that changes (its new text, or what in it is replaced by what) and who of stack dev is found by whom."""

    file: str
    edit: str | tuple[str, str]
    both: frozenset[str]
    only_we: frozenset[str] = frozenset()
    only_atmos: frozenset[str] = frozenset()


def change(
    file: str,
    edit: str | tuple[str, str],
    *both: str,
    only_we: Iterable[str] = (),
    only_atmos: Iterable[str] = (),
) -> Change:
    return Change(file, edit, frozenset(both), frozenset(only_we), frozenset(only_atmos))


DEV, PROD = "stacks/deploy/dev.yaml", "stacks/deploy/prod.yaml"
CATALOG = "stacks/catalog/base.yaml"
MARKER, CODE = "components/terraform/marker", "components/terraform/code"
ALIKE = {
    "a value in the catalog": change(CATALOG, ("first", "second"), "one", "two"),
    "a value of the stack": change(DEV, ("dev}\nterr", "dev, text: x}\nterr"), "code"),
    "a value of another stack": change(PROD, ("prod}\nterr", "prod, text: x}\nterr")),
    "settings": change(CATALOG, ("{depends_on", "{owner: me, depends_on"), "one", "two"),
    "metadata": change(DEV, ("t: code}", "t: code, terraform_workspace: x}"), "code"),
    "the environment": change(DEV, ("    code:\n", "    code:\n      env: {A: b}\n"), "code"),
    "a component's file": change(f"{MARKER}/main.tf", "locals {}\n", "one", "two"),
    "a new file of a component": change(f"{CODE}/new.tf", "locals {}\n", "code"),
    "a declared file": change("contract.yaml", "other\n", "one", "two"),
    "a file in a declared folder": change("folder/b.txt", "b\n", "code"),
    "a local module": change("modules/shared/main.tf", "locals {}\n", "code"),
    "a file nobody declares": change("unrelated.txt", "y\n"),
    "a new instance": change(DEV, ("    one:\n", "    new: {}\n    one:\n"), "new"),
}
WIDER = {
    # It holds the state: Terraform would not find what it has made.
    "the backend": change(DEV, ("bucket: states", "bucket: others"), only_we=ALL),
    # Atmos writes it into the provider's configuration.
    "a provider": change(
        DEV, ("    code:\n", "    code:\n      providers: {x: {a: b}}\n"), only_we={"code"}
    ),
    # Atmos looks at a component's own modules only.
    "a module of a module": change("modules/inner/main.tf", "locals { }\n", only_we={"code"}),
    # The manifest that says which package a function runs is not in git.
    "a function's source": change("services/api/handler.py", "return\n", only_we={"code"}),
    "what a function is built with": change(
        "requirements/api.txt", "requests==2\n", only_we={"code"}
    ),
    # It has to be destroyed, and only the deployed commit still says how.
    "a removed instance": change(DEV, (f"    one:\n{INSTANCE}", ""), only_we={"one"}),
}
NARROWER = {
    # Read by people.
    "a component's README": change(f"{MARKER}/README.md", "x\n", only_atmos={"one", "two"}),
    # Read by `terraform test`.
    "a component's tests": change(f"{CODE}/tests/x.tftest.hcl", "x\n", only_atmos={"code"}),
}


@pytest.fixture(scope="module")
def env() -> dict[str, str]:
    return environment.base()


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> GitRepository:
    repository = instances.make(tmp_path_factory.mktemp("deployed") / "tree", {})
    repository.commit("feat: more", FILES)
    return repository


@pytest.fixture(scope="module")
def before(deployed: GitRepository, env: dict[str, str]) -> Tree:
    return affected.read("dev", deployed.root, env)


def edited(deployed: GitRepository, directory: Path, made: Change) -> GitRepository:
    """A clone in which `made` is committed."""
    target = deployed.clone(directory)
    target.git("remote", "set-url", "origin", instances.ORIGIN)
    text = made.edit
    if isinstance(text, tuple):
        present = (target.root / made.file).read_text()
        assert text[0] in present
        text = present.replace(*text)
    target.commit("feat: change", {made.file: text})
    return target


def by_atmos(target: Path, deployed: Path, env: Mapping[str, str]) -> set[str]:
    """Components of stack dev that Atmos finds."""
    command = ["atmos", "describe", "affected", f"--repo-path={deployed}", "--stack=dev"]
    result = processes.run(
        [*command, "--process-functions=false", "--format=json"], cwd=target, env=env, apart=True
    )
    assert result.ok, result.output + result.errors
    return {row["component"] for row in json.loads(result.output[result.output.find("[") :])}


@pytest.mark.parametrize(
    "made", [*ALIKE.values(), *WIDER.values(), *NARROWER.values()], ids=[*ALIKE, *WIDER, *NARROWER]
)
def test_what_atmos_finds_is_found(
    made: Change, deployed: GitRepository, before: Tree, tmp_path: Path, env: dict[str, str]
) -> None:
    target = edited(deployed, tmp_path / "target", made)

    ours = affected.compare(affected.read("dev", target.root, env), before)

    assert set(ours.names()) == made.both | made.only_we
    assert by_atmos(target.root, deployed.root, env) == made.both | made.only_atmos


def test_a_removed_component_is_described_by_the_commit_that_had_it(
    deployed: GitRepository, tmp_path: Path, env: dict[str, str]
) -> None:
    before = deployed.head
    target = edited(deployed, tmp_path / "target", WIDER["a removed instance"])

    with affected.checked_out(Repository(target.root, env), before) as root:
        found = affected.find("dev", target=target.root, deployed=root, env=env)
        (removed,) = found.differences

        assert removed.kind == "removed"
        assert removed.component.values == {"stage": "dev", "text": "first"}
        assert (removed.root / "components/terraform" / removed.component.directory).is_dir()
    assert "one" not in found.stack.components


def test_in_the_shipped_repository_nothing_differs_from_itself(env: dict[str, str]) -> None:
    names = ("iam", "cognito", "lambda", "observability")

    for stack in ("dev", "staging", "prod"):
        found = affected.find(stack, target=paths.ROOT, deployed=paths.ROOT, env=env)
        assert found.differences == ()
        assert set(names) <= set(found.stack.components)
    everything = affected.find("dev", target=paths.ROOT, deployed=None, env=env)
    assert everything.names("new")[:2] == ("cognito", "iam")
    assert affected.dependents(everything.stack, ["lambda"]) == (
        "apigateway",
        "scheduler",
        "observability",
    )
