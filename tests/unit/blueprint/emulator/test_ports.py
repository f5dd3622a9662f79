"""What BLUEPRINT_PORT may hold."""

import pytest

from blueprint.emulator import ports
from blueprint.errors import UsageError


@pytest.mark.parametrize("environ", [{}, {"BLUEPRINT_PORT": ""}, {"BLUEPRINT_PORT": " "}])
def test_without_a_value_no_port_is_asked_for(environ: dict[str, str]) -> None:
    assert ports.requested(environ) is None


@pytest.mark.parametrize(("text", "port"), [("1024", 1024), (" 4570 ", 4570), ("65535", 65535)])
def test_a_port_number_is_taken(text: str, port: int) -> None:
    assert ports.requested({"BLUEPRINT_PORT": text}) == port


@pytest.mark.parametrize("text", ["80", "65536", "-1", "4566.0", "http", "٤٥٦٦", "4566;"])
def test_anything_else_is_refused_by_the_name_of_the_variable(text: str) -> None:
    with pytest.raises(
        UsageError, match=r"BLUEPRINT_PORT is .* not a port from 1024 to 65535"
    ) as e:
        ports.requested({"BLUEPRINT_PORT": text})

    assert "unset it" in e.value.remedy
