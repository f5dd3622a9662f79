"""A small GitHub: the part of its REST API the pipelines use, on loopback, with its state in memory.

In a test:      with FakeGithub(repository="acme/orders", git=bare_repository) as github: ... github.url
On its own:     python -m tests.fakes_github --port 0 --repository acme/orders --git DIR --state FILE
Its state:      github.state, or GET /_state
"""

from tests.fakes_github.faults import dropped, limited, secondary_limit, status
from tests.fakes_github.server import FakeGithub

__all__ = ["FakeGithub", "dropped", "limited", "secondary_limit", "status"]
