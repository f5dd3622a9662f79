"""The three AWS accounts of the simulation, all in one embedded AWS, as their owner sees them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from blueprint import aws
from blueprint.emulator.environment import client_environment
from blueprint.emulator.instance import REGION, Instance

ACCOUNTS: Mapping[str, str] = {
    "dev": "111111111111",
    "staging": "222222222222",
    "prod": "333333333333",
}


@dataclass
class Accounts:
    """What is in each account: asked for with the account's own root, past every role."""

    instance: Instance
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict)

    def client(self, service: str, account: str) -> Any:
        """A client of `service` in `account` (a stage's name or twelve digits)."""
        number = ACCOUNTS.get(account, account)
        if (service, number) not in self._clients:
            env = self.root(number) | {aws.EMULATED: "simulation"}
            self._clients[service, number] = aws.client(service, env, region=REGION)
        return self._clients[service, number]

    def root(self, account: str) -> dict[str, str]:
        """The variables of the root user of `account` (a stage's name or twelve digits)."""
        return client_environment(self.instance, {}, account=ACCOUNTS.get(account, account))

    @property
    def endpoints(self) -> dict[str, str]:
        """The variables by which a job's AWS clients find the embedded AWS; credentials are not among them."""
        env = client_environment(self.instance, {})
        return {name: value for name, value in env.items() if "ACCESS_KEY" not in name}
