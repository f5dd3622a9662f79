"""A stack's names and the order of its components."""

from dataclasses import replace
from graphlib import TopologicalSorter

import pytest

from blueprint.errors import BlueprintError, UsageError
from blueprint.stacks.model import Component, Stack


def component(name: str, *depends_on: str) -> Component:
    return Component(
        name=name,
        stack="local",
        directory=name,
        values={"namespace": "acme", "region": "us-east-1", "stage": "local"},
        depends_on=depends_on,
        inputs=(),
        backend={"bucket": "states", "key": "terraform.tfstate", "workspace_key_prefix": name},
    )


def stack(*components: Component) -> Stack:
    return Stack("local", {item.name: item for item in components}, emulated=True)


def waves(sorter: "TopologicalSorter[str]") -> list[list[str]]:
    found = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        found.append(ready)
        sorter.done(*ready)
    return found


def shop() -> Stack:
    return stack(
        component("api", "lambda"),
        component("lambda", "iam", "table"),
        component("table"),
        component("iam"),
    )


def test_components_come_in_waves_that_do_not_need_each_other() -> None:
    assert waves(shop().sorter()) == [["iam", "table"], ["lambda"], ["api"]]


def test_in_reverse_the_dependents_come_first() -> None:
    assert waves(shop().sorter(reverse=True)) == [["api"], ["lambda"], ["iam", "table"]]


def test_chosen_components_come_alone_and_in_order() -> None:
    assert waves(shop().sorter(only=["lambda", "iam"])) == [["iam"], ["lambda"]]


def test_chosen_components_keep_the_order_of_what_lies_between_them() -> None:
    assert waves(shop().sorter(only=["api", "iam"])) == [["iam"], ["api"]]
    assert waves(shop().sorter(only=["api", "iam"], reverse=True)) == [["api"], ["iam"]]


def test_a_circle_of_dependencies_is_named() -> None:
    circle = stack(component("a", "b"), component("b", "a"))

    with pytest.raises(BlueprintError, match=r"circle: (a -> b -> a|b -> a -> b)"):
        circle.sorter()


def test_a_dependency_that_the_stack_lacks_is_named() -> None:
    with pytest.raises(UsageError, match="component lambda depends on 'iam'") as failed:
        stack(component("lambda", "iam")).sorter()

    assert "stacks/catalog/lambda.yaml" in failed.value.remedy


def test_the_prefix_is_the_one_terraform_derives() -> None:
    assert stack(component("iam")).prefix == "acme-useast1-local"


def test_the_state_lies_where_terraforms_s3_backend_puts_a_workspace() -> None:
    assert component("iam").state_key == "iam/local/terraform.tfstate"


def test_an_instance_under_another_name_has_a_workspace_of_its_own() -> None:
    second = replace(component("iam"), name="iam-second")

    assert second.state_key == "iam/local-iam-second/terraform.tfstate"


def test_an_unknown_component_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="no component 'lamda'") as failed:
        stack(component("iam"), component("lambda")).component("lamda")

    assert failed.value.remedy == "use one of: iam, lambda"


def test_a_value_that_no_component_has_names_the_file_to_set_it_in() -> None:
    with pytest.raises(UsageError, match="account_id") as failed:
        stack(component("iam")).value("account_id")

    assert failed.value.remedy == "set vars.account_id in stacks/deploy/local.yaml"
