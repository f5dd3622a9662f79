"""A marker is a comment nobody sees and nothing can end early."""

import pytest

from blueprint.github.markers import marker


def test_a_marker_is_a_hidden_comment() -> None:
    assert marker("drift", "dev") == "<!-- blueprint:drift:dev -->"


@pytest.mark.parametrize("name", ["", "a-->", "a b", "-a", "a--b"])
def test_what_could_end_the_comment_is_no_name(name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a marker"):
        marker("drift", name)
