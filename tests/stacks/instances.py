"""Makes a repository with as many component instances as are asked for, which need no provider and no AWS."""

import json
from pathlib import Path

from tests.git_repository import GitRepository

# Atmos compares only repositories whose remote's host it knows; nothing is fetched from it.
ORIGIN = "https://github.com/acme/instances.git"

ATMOS = """\
base_path: "."
components: {terraform: {base_path: components/terraform}}
stacks: {base_path: stacks, included_paths: ["deploy/*"], name_template: "{{ .vars.stage }}"}
settings: {telemetry: {enabled: false}, terminal: {max_width: 120, pager: false}}
version: {check: {enabled: false}}
logs: {level: Warning}
"""
CATALOG = """\
components:
  terraform:
    base:
      metadata: {type: abstract, component: marker}
      settings: {depends_on: {1: {file: contract.yaml}}}
      vars: {text: first}
"""
MARKER = """\
variable "text" { type = string }
variable "stage" { type = string }
resource "terraform_data" "marker" { input = "${var.stage}: ${var.text}" }
"""
BACKEND = {
    "backend_type": "s3",
    "backend": {"s3": {"bucket": "states", "key": "terraform.tfstate"}},
}


def make(root: Path, stacks: dict[str, int]) -> GitRepository:
    """A repository in which each of `stacks` has that many instances of one component, called one-000 and so on."""
    repository = GitRepository(root)
    repository.git("remote", "add", "origin", ORIGIN)
    files = {
        "atmos.yaml": ATMOS,
        "contract.yaml": "routes\n",
        "stacks/catalog/base.yaml": CATALOG,
        "components/terraform/marker/main.tf": MARKER,
        "components/terraform/marker/README.md": "A marker.\n",
    }
    for name, count in stacks.items():
        files[f"stacks/deploy/{name}.yaml"] = json.dumps(stack(name, count))
    repository.commit("feat: begin", files)
    return repository


def stack(name: str, count: int) -> dict[str, object]:
    """The manifest of a stack, which is JSON and so YAML as well."""
    instances = {
        f"one-{number:03}": {"metadata": {"component": "marker", "inherits": ["base"]}}
        for number in range(count)
    }
    return {
        "import": ["catalog/base"],
        "vars": {"stage": name},
        "terraform": BACKEND,
        "components": {"terraform": instances},
    }
