"""People signing in at the user pool."""

from blueprint.replay import draws, series
from blueprint.replay.recording import Recording
from blueprint.replay.scenarios import Conditions, Scenario
from blueprint.replay.system import System


class SignIns:
    """Sign-ins and token refreshes, a share of the requests each."""

    def __init__(self, scenario: Scenario, system: System, recording: Recording) -> None:
        self._share = scenario.traffic.sign_in_share
        self._random = draws.stream(scenario.seed, scenario.name, "sign-ins")
        self._kinds = [
            (
                recording.reporter(*series.of_sign_in(system, f"{kind}Successes")),
                recording.reporter(*series.of_sign_in(system, f"{kind}Throttles")),
            )
            for kind in ("SignIn", "TokenRefresh")
        ]

    def minute(self, minute: int, requests: int, conditions: Conditions) -> None:
        """Sign-ins of one minute."""
        for successes, throttles in self._kinds:
            tried = draws.binomial(self._random, requests, self._share)
            throttled = draws.binomial(self._random, tried, conditions.sign_in_throttled_share)
            successes.ones(minute, tried - throttled, tried)
            throttles.ones(minute, throttled, tried)
