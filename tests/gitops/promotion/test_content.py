"""A component is made of its configuration, its directory, the modules it uses and its declared inputs."""

from pathlib import Path
from typing import Any

import pytest

from blueprint.promotion import content
from blueprint.promotion.content import Content
from blueprint.stacks.model import Component

SECTION: dict[str, Any] = {
    "vars": {"name": "orders", "tags": {"a": "b"}},
    "backend": {"bucket": "states", "key": "terraform.tfstate"},
    "backend_type": "s3",
    "metadata": {},
    "atmos_stack_file": "deploy/dev",
}
FILES = {
    "components/terraform/table/main.tf": 'module "x" {\n  source = "../../../modules/one"\n}\n',
    "components/terraform/table/modules/own/main.tf": "resource {}\n",
    "components/terraform/table/README.md": "about\n",
    "components/terraform/table/tests/a.tftest.hcl": "run {}\n",
    "modules/one/main.tf": 'module "y" {\n  source = "../two"\n}\n',
    "modules/two/main.tf": 'module "z" {\n  source = "../one"\n}\n',
    "modules/unused/main.tf": "resource {}\n",
    "contract.yaml": "routes\n",
    "services/api/handler.py": "pass\n",
    "services/api/__pycache__/handler.pyc": "compiled\n",
    "services/core/model.py": "pass\n",
    "requirements/api.txt": "requests==1\n",
    "requirements/tooling.txt": "pytest==1\n",
    "blueprint/packaging/archive.py": "pass\n",
    "blueprint/delivery/driver.py": "pass\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, FILES)
    return tmp_path


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def read(root: Path, *inputs: str, section: dict[str, Any] = SECTION) -> Content:
    component = Component("table", "dev", "table", {}, (), inputs, {})
    return content.of_component(component, section, root)


def test_the_parts_are_named_as_a_person_would_look_for_them(root: Path) -> None:
    assert sorted(read(root, "contract.yaml")) == [
        "backend.bucket",
        "backend.key",
        "backend_type",
        "components/terraform/table/main.tf",
        "components/terraform/table/modules/own/main.tf",
        "contract.yaml",
        "modules/one/main.tf",
        "modules/two/main.tf",
        "vars.name",
        "vars.tags",
    ]


@pytest.mark.parametrize(
    "file",
    [
        "components/terraform/table/main.tf",
        "components/terraform/table/modules/own/main.tf",
        "modules/one/main.tf",
        "modules/two/main.tf",
        "contract.yaml",
    ],
)
def test_a_changed_file_is_named(root: Path, file: str) -> None:
    before = read(root, "contract.yaml")

    write(root, {file: FILES[file] + "# changed\n"})

    assert content.differences(before, read(root, "contract.yaml")) == (file,)


@pytest.mark.parametrize(
    "file",
    [
        "components/terraform/table/README.md",
        "components/terraform/table/tests/a.tftest.hcl",
        "components/terraform/table/.terraform/modules/modules.json",
        "components/terraform/table/backend.tf.json",
        "modules/unused/main.tf",
        "services/api/handler.py",
    ],
)
def test_what_terraform_does_not_read_is_no_part(root: Path, file: str) -> None:
    before = read(root, "contract.yaml")

    write(root, {file: "changed\n"})

    assert content.differences(before, read(root, "contract.yaml")) == ()


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"vars": {"name": "other", "tags": {"a": "b"}}}, "vars.name"),
        ({"vars": {"name": "orders", "tags": {"a": "c"}}}, "vars.tags"),
        ({"vars": {"name": "orders"}}, "vars.tags"),
        ({"backend": {"bucket": "elsewhere", "key": "terraform.tfstate"}}, "backend.bucket"),
        ({"backend_type": "local"}, "backend_type"),
        ({"metadata": {"locked": True}}, "metadata.locked"),
        ({"a_section_of_a_later_atmos": 1}, "a_section_of_a_later_atmos"),
    ],
)
def test_changed_configuration_is_named(root: Path, change: dict[str, Any], part: str) -> None:
    assert content.differences(read(root), read(root, section={**SECTION, **change})) == (part,)


def test_a_stack_file_may_move_without_changing_what_it_says(root: Path) -> None:
    moved = {**SECTION, "atmos_stack_file": "elsewhere/dev"}

    assert content.differences(read(root), read(root, section=moved)) == ()


def test_for_the_package_manifest_stand_the_sources_of_the_packages(root: Path) -> None:
    """The manifest is not in git, so the tree of another commit never has it."""
    parts = set(read(root, "build/packages.json")) - set(read(root))

    assert parts == {
        "services/api/handler.py",
        "services/core/model.py",
        "requirements/api.txt",
        "blueprint/packaging/archive.py",
    }


def test_an_input_that_is_not_there_yet_differs_from_one_that_is(root: Path) -> None:
    before = read(root, "later.yaml")

    write(root, {"later.yaml": "now\n"})

    assert content.differences(before, read(root, "later.yaml")) == ("later.yaml",)


def test_a_folder_is_an_input_with_all_its_files(root: Path) -> None:
    before = read(root, "services/api")

    write(root, {"services/api/routes/new.py": "pass\n"})

    assert content.differences(before, read(root, "services/api")) == (
        "services/api/routes/new.py",
    )


def test_a_tree_means_the_same_wherever_it_lies(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    write(elsewhere, FILES)
    link = tmp_path_factory.mktemp("link") / "root"
    link.symlink_to(elsewhere)

    assert read(root, "contract.yaml") == read(elsewhere, "contract.yaml")
    assert read(root, "contract.yaml") == read(link, "contract.yaml")


def test_a_module_outside_the_repository_is_left_to_terraform(root: Path) -> None:
    source = 'module "x" {\n  source = "../../../../elsewhere"\n}\n'
    (root.parent / "elsewhere").mkdir(exist_ok=True)
    write(root, {"components/terraform/table/main.tf": source})

    assert "components/terraform/table/main.tf" in read(root)
    assert not [part for part in read(root) if "elsewhere" in part]
