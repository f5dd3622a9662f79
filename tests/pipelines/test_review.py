"""The review over the real Atmos and Terraform: small components, thrown away with the test, on the embedded AWS."""

import json
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from blueprint import aws, paths
from blueprint.delivery.terraform import log_file
from blueprint.emulator import server
from blueprint.emulator.environment import client_environment
from blueprint.emulator.instance import Instance
from blueprint.errors import BlueprintError
from blueprint.review import applying, drift, planning, pruning, verifying
from blueprint.review import document as documents
from blueprint.review.document import Document, Source
from blueprint.review.store import open_store
from blueprint.stacks import atmos, environment
from blueprint.stacks.model import Component, Stack

COMMIT = "c" * 40
SECRET = "hunter2-of-the-test"

VARIABLES = "\n".join(
    f'variable "{name}" {{}}' for name in ("namespace", "region", "stage", "account_id")
)
# Built into Terraform: such a component plans in a tenth of the time that one with the AWS provider takes.
WORDS = f"""\
{VARIABLES}
variable "words" {{ type = set(object({{ word = string, rank = number }})) }}
variable "secret" {{
  default   = "none"
  sensitive = true
}}
resource "terraform_data" "this" {{ input = {{ words = var.words, given = var.secret }} }}
output "words" {{ value = join(",", sort([for each in var.words : each.word])) }}
"""
READER = f"""\
{VARIABLES}
variable "words" {{ default = null }}
resource "terraform_data" "this" {{ input = var.words }}
"""
PARAMETER = (
    VARIABLES
    + "\n"
    + (paths.COMPONENTS / "_shared" / "versions.tf").read_text()
    + """
provider "aws" { region = var.region }
resource "aws_ssm_parameter" "this" {
  name  = "/acme/greeting"
  type  = "String"
  insecure_value = "hello"
}
"""
)
LOCK_FILE = paths.COMPONENTS / "_shared" / ".terraform.lock.hcl"


@dataclass
class Repository:
    """A throw-away tree with stack dev, and an account of its own on the embedded AWS."""

    root: Path
    env: dict[str, str]
    account: str

    def write(self, components: Mapping[str, Any]) -> None:
        """Make stack dev consist of `components`, as stack files describe them."""
        bucket = f"acme-useast1-dev-tfstate-{self.account}"
        content = {
            "vars": {
                "namespace": "acme",
                "region": "us-east-1",
                "stage": "dev",
                "account_id": self.account,
            },
            "settings": {"blueprint": {"emulated": True}},
            "terraform": {
                "backend_type": "s3",
                "backend": {
                    "s3": {
                        "bucket": bucket,
                        "key": "terraform.tfstate",
                        "region": "us-east-1",
                        "use_lockfile": True,
                        "use_path_style": True,
                    }
                },
            },
            "components": {"terraform": components},
        }
        (self.root / "stacks" / "deploy" / "dev.yaml").write_text(yaml.safe_dump(content))

    def source(self, component: str, text: str) -> None:
        directory = self.root / "components" / "terraform" / component
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "main.tf").write_text(text)
        if "hashicorp/aws" in text:
            (directory / LOCK_FILE.name).write_bytes(LOCK_FILE.read_bytes())

    @property
    def stack(self) -> Stack:
        return atmos.stack("dev", self.env, root=self.root)

    @property
    def s3(self) -> Any:
        return aws.client("s3", self.env, region="us-east-1")

    def states(self) -> list[str]:
        found = self.s3.list_objects_v2(Bucket=self.stack.state_bucket).get("Contents", [])
        return [item["Key"] for item in found if item["Key"].endswith(".tfstate")]

    def plan(self, *names: str, **more: Any) -> Document:
        stack = self.stack
        return planning.plan(
            stack,
            self.env,
            components=names or list(stack.components),
            source=Source(COMMIT),
            root=self.root,
            **more,
        )

    def apply(self, document: Document) -> dict[str, str]:
        run = applying.apply(self.stack, self.env, document, root=self.root)
        return {result.component: result.outcome for result in run.results}

    def words(self, *words: str, secret: str = SECRET) -> None:
        self.write(
            {
                "words": {
                    "vars": {
                        "words": [{"word": word, "rank": len(word)} for word in words],
                        "secret": secret,
                    }
                },
                "reader": {
                    "settings": {"depends_on": {1: {"component": "words"}}},
                    "vars": {"words": atmos_function("words", "words")},
                },
            }
        )


def atmos_function(component: str, output: str) -> "Function":
    return Function(f"{component} .{output}")


@dataclass(frozen=True)
class Function:
    """A value that Atmos reads from another component's state."""

    arguments: str


yaml.SafeDumper.add_representer(
    Function,
    lambda dumper, value: dumper.represent_scalar("!terraform.state", value.arguments),
)


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    directory = tmp_path_factory.mktemp("aws") / "local"
    yield server.start(directory)
    server.stop(directory)


@pytest.fixture
def repository(
    tmp_path: Path,
    emulator: Instance,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Repository:
    monkeypatch.setattr(paths, "LOGS", tmp_path / "logs")
    (tmp_path / "stacks" / "deploy").mkdir(parents=True)
    (tmp_path / "stacks" / "schemas").mkdir()
    (tmp_path / "atmos.yaml").write_bytes((paths.ROOT / "atmos.yaml").read_bytes())
    # Its own for each test: nothing that another one has applied is in the way.
    account = str(10**11 + zlib.crc32(request.node.name.encode()))
    env = client_environment(emulator, environment.base(), account=account)
    # Whoever holds a lock here never gives it back.
    repository = Repository(
        tmp_path, {**env, aws.EMULATED: "dev", "BLUEPRINT_LOCK_TIMEOUT": "0s"}, account
    )
    repository.source("words", WORDS)
    repository.source("reader", READER)
    repository.words("tea", "milk")
    return repository


def test_from_an_empty_account_to_a_verified_stack(repository: Repository) -> None:
    first = repository.plan()
    assert {item.component: item.outcome for item in first.components} == {
        "reader": "waits",
        "words": "changes",
    }
    assert repository.states() == []

    assert repository.apply(first) == {"reader": "applied", "words": "applied"}

    assert verifying.verify(repository.stack, repository.env, root=repository.root) == [
        "reader",
        "words",
    ]
    assert {item.outcome for item in repository.plan().components} == {"unchanged"}


def test_the_order_in_which_a_set_is_written_does_not_change_the_digest(
    repository: Repository,
) -> None:
    repository.words("tea", "milk", "sugar")
    one = repository.plan("words").components[0]
    repository.words("sugar", "tea", "milk")
    other = repository.plan("words").components[0]
    repository.words("sugar", "tea", "cream")
    third = repository.plan("words").components[0]

    assert one.digest == other.digest != third.digest
    assert one.key != other.key


def test_no_secret_of_a_plan_is_in_its_document_and_its_change_is_in_the_digest(
    repository: Repository,
) -> None:
    repository.apply(repository.plan("words"))
    repository.words("tea", "milk", secret="another-one-of-the-test")
    document = repository.plan("words")
    text = documents.render(document)

    assert "(masked)" in text
    assert SECRET not in text
    assert "another-one" not in text
    repository.words("tea", "milk", secret="a-third-one-of-the-test")
    assert repository.plan("words").digest != document.digest


def test_a_rename_and_a_resource_let_go_are_told_as_such(repository: Repository) -> None:
    repository.apply(repository.plan("words"))
    moved = "moved {\n  from = terraform_data.this\n  to = terraform_data.that\n}\n"
    repository.source("words", WORDS.replace('"this"', '"that"') + moved)
    (change,) = repository.plan("words").components[0].changes
    assert (change.address, change.actions) == ("terraform_data.that", ("move",))

    removed = (
        "removed {\n  from = terraform_data.this\n  lifecycle {\n    destroy = false\n  }\n}\n"
    )
    repository.source("words", re.sub("resource .*\n", "", WORDS) + removed)
    (change,) = repository.plan("words").components[0].changes
    assert (change.address, change.actions) == ("terraform_data.this", ("forget",))


def test_a_change_by_hand_in_aws_is_drift(repository: Repository) -> None:
    repository.source("parameter", PARAMETER)
    repository.write({"parameter": {}})
    repository.apply(repository.plan())
    ssm = aws.client("ssm", repository.env, region="us-east-1")
    ssm.put_parameter(Name="/acme/greeting", Value="by hand", Type="String", Overwrite=True)

    report = drift.find(repository.stack, repository.env, commit=COMMIT, root=repository.root)

    (parameter,) = report.components
    assert parameter.kind == "changed-in-aws"
    assert [
        (each.path, each.before, each.after)
        for change in parameter.changes
        for each in change.attributes
        if each.path == "insecure_value"
    ] == [("insecure_value", "by hand", "hello")]


def test_a_held_lock_stops_before_anything_is_applied(repository: Repository) -> None:
    repository.apply(repository.plan("words"))
    repository.words("tea", "lemon")
    document = repository.plan("words")
    lock = {
        "ID": "3f0c8a52-2f4c-7f0e-9d4b-5d5d2f7c1a11",
        "Operation": "OperationTypeApply",
        "Who": "alice@laptop",
        "Created": "2026-11-23T00:00:00Z",
    }
    key = repository.stack.component("words").state_key + ".tflock"
    repository.s3.put_object(
        Bucket=repository.stack.state_bucket, Key=key, Body=json.dumps(lock).encode()
    )

    applied = log_file(repository.stack.component("words"), "apply")
    applied.unlink()

    with pytest.raises(BlueprintError, match="locked by alice@laptop") as held:
        repository.apply(document)

    assert "blueprint unlock words -s dev 3f0c8a52" in held.value.remedy
    assert not applied.exists()


def count_starts(repository: Repository) -> Path:
    """Put programs in front of Atmos and Terraform that write down each start."""
    starts = repository.root / "starts"
    shims = repository.root / "shims"
    shims.mkdir()
    for name in ("atmos", "terraform"):
        shim = shims / name
        shim.write_text(
            f'#!/bin/sh\necho "{name} $*" >> {starts}\nexec {paths.TOOLS}/bin/{name} "$@"\n'
        )
        shim.chmod(0o755)
    repository.env["PATH"] = f"{shims}{os.pathsep}{repository.env['PATH']}"
    return starts


def test_terraform_is_started_for_what_changed_among_many_and_no_other(
    repository: Repository,
) -> None:
    words = {"words": [{"word": "tea", "rank": 1}]}
    many = {
        f"words-{number}": {"metadata": {"component": "words"}, "vars": words}
        for number in range(30)
    }
    repository.write(many)
    starts = count_starts(repository)

    document = repository.plan("words-7")

    assert [item.component for item in document.components] == ["words-7"]
    planned = [line for line in starts.read_text().splitlines() if line.startswith("terraform ")]
    assert [line.split()[1] for line in planned] == ["init", "plan", "show"]


def test_two_instances_of_one_component_are_planned_and_applied_without_mixing(
    repository: Repository,
) -> None:
    def instance(word: str) -> Any:
        return {
            "metadata": {"component": "words"},
            "vars": {"words": [{"word": word, "rank": 1}]},
        }

    repository.write({f"words-{word}": instance(word) for word in ("tea", "milk", "sugar")})

    repository.apply(repository.plan())

    for word in ("tea", "milk", "sugar"):
        component = repository.stack.component(f"words-{word}")
        assert outputs(repository, component) == {"words": word}


def outputs(repository: Repository, component: Component) -> dict[str, Any]:
    body = repository.s3.get_object(Bucket=repository.stack.state_bucket, Key=component.state_key)[
        "Body"
    ].read()
    return {name: output["value"] for name, output in json.loads(body)["outputs"].items()}


def test_a_reviewed_removal_is_destroyed_from_the_deployed_tree(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    repository.apply(repository.plan())
    deployed = repository.stack
    # The next commit has neither the reader nor its directory.
    clone = tmp_path_factory.mktemp("next")
    for name in ("stacks/deploy", "stacks/schemas", "components/terraform/words"):
        (clone / name).mkdir(parents=True)
    (clone / "atmos.yaml").write_bytes((repository.root / "atmos.yaml").read_bytes())
    following = Repository(clone, repository.env, repository.account)
    following.source("words", WORDS)
    following.write({"words": {"vars": deployed.component("words").values}})
    store = open_store(following.stack, following.env)

    document = following.plan("words", removed=[deployed.component("reader")], store=store)
    kept = store.document(document.digest)

    assert pruning.prune(deployed, repository.env, kept, root=repository.root) == ["reader"]
    assert [item.component for item in following.plan().components] == ["words"]
    assert pruning.prune(deployed, repository.env, kept, root=repository.root) == []
