"""The test user's sign-in stays away from real environments."""

import pytest

from blueprint.errors import BlueprintError
from blueprint.release import identity
from blueprint.stacks.model import Stack


def test_a_real_environments_users_are_left_alone() -> None:
    with pytest.raises(BlueprintError, match="stack prod is a real environment"):
        identity.access_token(Stack("prod", {}, emulated=False), {})
