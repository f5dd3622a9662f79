"""What can be done with a profile: read one's own, write it."""

from services.core.errors import NotFoundError
from services.core.model import Clock, Profile, timestamp
from services.core.ports import Profiles


def get_profile(user_id: str, *, profiles: Profiles) -> Profile:
    profile = profiles.get(user_id)
    if profile is None:
        raise NotFoundError("you have no profile yet; PUT /users/me creates it")
    return profile


def put_profile(
    user_id: str, *, name: str, email: str | None, profiles: Profiles, clock: Clock
) -> Profile:
    """Create or replace; a field left out is gone."""
    profile = Profile(user_id, name, email, updated_at=timestamp(clock()))
    profiles.put(profile)
    return profile
