"""Terraform sources are refused by file and line for what they would fetch, start or call."""

import re
from pathlib import Path

import pytest

from blueprint import paths
from blueprint.errors import BlueprintError, UsageError
from blueprint.sources import check as checking
from blueprint.sources import policy as policies

POLICY = policies.read()
VERSIONS = 'terraform {\n  required_providers {\n    aws = { source = "hashicorp/aws" }\n  }\n}\n'
LOCK = 'provider "registry.terraform.io/hashicorp/aws" {\n  version = "5.100.0"\n  hashes = [\n    "zh:%s",\n  ]\n}\n'
GOOD_LOCK = LOCK % ("0" * 64)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """One component, `iam`, with a local module, in which nothing is wrong."""
    component = tmp_path / "terraform" / "iam"
    (component / "tests").mkdir(parents=True)
    (component / "modules" / "role").mkdir(parents=True)
    (component / "versions.tf").write_text(VERSIONS)
    (component / ".terraform.lock.hcl").write_text(GOOD_LOCK)
    (component / "modules" / "role" / "main.tf").write_text('resource "aws_iam_role" "this" {}\n')
    (component / "main.tf").write_text('module "role" {\n  source = "./modules/role"\n}\n')
    (component / "tests" / "iam.tftest.hcl").write_text(
        'mock_provider "aws" {}\n\nrun "role" {\n  module {\n    source = "./modules/role"\n  }\n}\n'
    )
    return component.parent


def findings(root: Path) -> list[str]:
    """`file:line rule` of each finding; files from the component's directory."""
    return [
        f"{finding.file.relative_to(root / 'iam')}:{finding.line} {finding.rule}"
        for finding in checking.find(root, POLICY)
    ]


def test_a_component_in_which_nothing_is_wrong_has_no_findings(root: Path) -> None:
    assert findings(root) == []


def test_the_components_of_this_repository_have_none() -> None:
    checking.check()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('data "external" "x" {}', {"1 refused-blocks", "1 allowed-providers"}),
        ("data external x {}", {"1 refused-blocks", "1 allowed-providers"}),
        ('\ndata "http" "x" {}', {"2 refused-blocks", "2 allowed-providers"}),
        ('data "aws_lambda_invocation" "x" {}', {"1 refused-blocks"}),
        ('resource "null_resource" "x" {}', {"1 refused-blocks", "1 allowed-providers"}),
        ('resource "terraform_data" "x" {}', set()),
        (
            'resource "terraform_data" "x" {\n  provisioner "local-exec" {}\n}',
            {"2 refused-blocks"},
        ),
        ('data "terraform_remote_state" "x" {}', {"1 refused-blocks"}),
        ('resource "random_id" "x" {}', {"1 allowed-providers"}),
        ('ephemeral "random_password" "x" {}', {"1 allowed-providers"}),
        ('provider "random" {}', {"1 allowed-providers"}),
        ('resource "aws_x" "y" {\n  provider = random.west\n}', {"1 allowed-providers"}),
        ('resource "aws_x" "y" {\n  provider = aws.west\n}', set()),
        (
            'resource "aws_x" "y" {\n  provisioner "local-exec" {\n    command = "x"\n  }\n}',
            {"2 refused-blocks"},
        ),
        ('resource "aws_x" "y" {\n  provisioner "remote-exec" {}\n}', {"2 refused-blocks"}),
        ('resource "aws_x" "y" {\n  provisioner file {}\n}', {"2 refused-blocks"}),
        ('data "ext\\u0065rnal" "x" {}', {"1 plain-labels", "1 allowed-providers"}),
        ('provider "aws" {\n  region = var.region\n  alias = "west"\n}', set()),
        ('provider "aws" {\n  default_tags {}\n}', set()),
        ('provider "aws" {\n\n  shared_config_files = ["x"]\n}', {"3 provider-arguments"}),
        ('provider "aws" {\n  endpoints {\n    s3 = "x"\n  }\n}', {"2 provider-arguments"}),
        ('module "x" {\n  source = "terraform-aws-modules/iam/aws"\n}', {"2 local-modules"}),
        ('module "x" {\n  source = "git::https://example.com/x.git"\n}', {"2 local-modules"}),
        ('module "x" {\n  source = "../../../elsewhere"\n}', {"2 local-modules"}),
        ('module "x" {\n  source = "./modules/none"\n}', {"2 local-modules"}),
        ('module "x" {\n  source = "./modules/${"role"}"\n}', {"2 local-modules"}),
        ('module "x" {\n  source = <<EOT\n./modules/role\nEOT\n}', {"2 local-modules"}),
        ('module "x" {}', {"1 local-modules"}),
        ('terraform {\n  backend "s3" {}\n}', {"2 state-by-stack"}),
        ("terraform {\n  cloud {}\n}", {"2 state-by-stack"}),
        ('resource "aws_x" "y" {{', {"1 readable"}),
    ],
)
def test_what_a_file_may_not_hold_is_told_by_its_line(
    root: Path, text: str, found: set[str]
) -> None:
    (root / "iam" / "new.tf").write_text(f"{text}\n")

    assert set(findings(root)) == {f"new.tf:{item}" for item in found}


def test_a_module_outside_of_what_was_read_is_refused(root: Path) -> None:
    elsewhere = root.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "main.tf").write_text('data "external" "x" {}\n')
    (root / "iam" / "new.tf").write_text('module "x" {\n  source = "../../elsewhere"\n}\n')

    assert findings(root) == ["new.tf:2 local-modules"]


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ('random = { source = "hashicorp/random" }', "registry.terraform.io/hashicorp/random"),
        ('aws = { source = "evil/aws" }', "registry.terraform.io/evil/aws"),
        ('aws = { source = "evil.io/hashicorp/aws" }', "evil.io/hashicorp/aws"),
        ('null = { version = "~> 3.0" }', "registry.terraform.io/hashicorp/null"),
        ('null = "~> 3.0"', "registry.terraform.io/hashicorp/null"),
        ('aws = { source = "hashicorp/${"aws"}" }', "an address that is not written out"),
    ],
)
def test_a_provider_that_is_not_on_the_list_is_refused_where_it_is_declared(
    root: Path, written: str, address: str
) -> None:
    versions = root / "iam" / "modules" / "role" / "versions.tf"
    versions.write_text(f"terraform {{\n  required_providers {{\n    {written}\n  }}\n}}\n")

    (finding,) = checking.find(root, POLICY)

    assert (finding.file, finding.line, finding.rule) == (versions, 3, "allowed-providers")
    assert f"= {address}," in finding.message
    assert "policies/terraform.yaml" in finding.remedy


def test_a_nested_module_is_held_to_the_rules_as_well(root: Path) -> None:
    (root / "iam" / "modules" / "role" / "more.tf").write_text('data "http" "x" {}\n')

    assert "modules/role/more.tf:1 refused-blocks" in findings(root)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('provider "random" {}', "1 allowed-providers"),
        ('mock_provider "random" {}', "1 allowed-providers"),
        ('run "x" {\n  module {\n    source = "hashicorp/x/aws"\n  }\n}', "3 local-modules"),
        ("run {{", "1 readable"),
    ],
)
def test_what_terraform_would_fetch_for_a_test_is_refused(
    root: Path, text: str, found: str
) -> None:
    (root / "iam" / "tests" / "new.tftest.hcl").write_text(f"{text}\n")

    assert findings(root) == [f"tests/new.tftest.hcl:{found}"]


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("evil.tf.json", "{}", "evil.tf.json:1 hcl-only"),
        ("backend.tf.json", '{"terraform": {"backend": {"s3": {}}}}', None),
        (
            "backend.tf.json",
            '{"terraform": {"backend": {}}, "data": {}}',
            "backend.tf.json:1 hcl-only",
        ),
        (
            "backend.tf.json",
            '{"terraform": {"required_providers": {}}}',
            "backend.tf.json:1 hcl-only",
        ),
        ("backend.tf.json", "{", "backend.tf.json:1 hcl-only"),
        ("x.tftest.json", "{}", "x.tftest.json:1 hcl-only"),
        ("x.tftest.hcl", "", "x.tftest.hcl:1 tests-in-tests"),
    ],
)
def test_what_the_rules_cannot_look_into_is_refused(
    root: Path, name: str, text: str, found: str | None
) -> None:
    (root / "iam" / name).write_text(text)

    assert findings(root) == ([found] if found else [])


def test_a_symbolic_link_is_refused(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / "iam" / "linked").symlink_to(tmp_path / "elsewhere")

    assert findings(root) == ["linked:1 no-links"]


def test_what_terraform_made_beside_a_component_is_not_read(root: Path) -> None:
    made = root / "iam" / ".terraform" / "modules"
    made.mkdir(parents=True)
    (made / "x.tf").write_text('data "external" "x" {}\n')

    assert findings(root) == []


@pytest.mark.parametrize(
    ("lock", "found"),
    [
        ("", ["1 locked-by-hash"]),
        (
            GOOD_LOCK.replace("hashicorp/aws", "evil/aws"),
            ["1 allowed-providers", "1 locked-by-hash"],
        ),
        (GOOD_LOCK + GOOD_LOCK.replace("aws", "null"), ["7 allowed-providers"]),
        (LOCK % "1234", ["3 locked-by-hash"]),
        (GOOD_LOCK.replace(f'"zh:{"0" * 64}",', ""), ["3 locked-by-hash"]),
        (re.sub(r"  hashes = \[.*\]\n", "", GOOD_LOCK, flags=re.S), ["1 locked-by-hash"]),
        ("{", ["1 locked-by-hash", "1 readable"]),
    ],
)
def test_a_provider_that_is_not_pinned_by_hash_is_refused(
    root: Path, lock: str, found: list[str]
) -> None:
    (root / "iam" / ".terraform.lock.hcl").write_text(lock)

    assert sorted(findings(root)) == [f".terraform.lock.hcl:{item}" for item in found]


def test_a_component_without_a_lock_is_refused(root: Path) -> None:
    (root / "iam" / ".terraform.lock.hcl").unlink()

    assert findings(root) == [".terraform.lock.hcl:1 locked-by-hash"]


def test_every_finding_is_reported_with_its_remedy(root: Path) -> None:
    (root / "iam" / "new.tf").write_text(
        'provider "aws" {\n  profile = "x"\n}\ndata "http" "x" {}\n'
    )

    with pytest.raises(BlueprintError) as failed:
        checking.check(root)

    first, *others = failed.value.message.splitlines()
    assert first.endswith(
        "new.tf:2: the provider aws sets profile (provider-arguments): "
        "leave it to the environment (allowed here: alias, allowed_account_ids, default_tags, region)"
    )
    assert len(others) == 2


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("providers:", "provider:", r"provider: there is no such key; use providers, refused"),
        (
            "address: registry.terraform.io/hashicorp/aws",
            "address: aws",
            r"providers\[0\]\.address: 'aws' does not match",
        ),
        ("block: data", "block: date", r"refused\[0\]\.block: 'date' is not one of"),
        ("type: external", "kind: external", r"refused\[0\]\.kind: there is no such key"),
    ],
)
def test_a_slip_in_the_policy_is_told_by_file_and_field(
    tmp_path: Path, right: str, wrong: str, message: str
) -> None:
    file = tmp_path / "terraform.yaml"
    text = (paths.ROOT / "policies" / "terraform.yaml").read_text()
    assert right in text
    file.write_text(text.replace(right, wrong, 1))

    with pytest.raises(UsageError, match=rf"terraform\.yaml:\d+: {message}"):
        policies.read(file)
