"""The environment of a stack as shell commands, for a person who runs Atmos or Terraform by hand."""

import os
import shlex
from collections.abc import Iterator, Mapping


def exports(env: Mapping[str, str], *, before: Mapping[str, str] | None = None) -> Iterator[str]:
    """Shell lines that turn the environment `before` (default: the caller's) into `env`."""
    current = os.environ if before is None else before
    for name in sorted(set(current) - set(env)):
        yield f"unset {name}"
    for name in sorted(env):
        if current.get(name) != env[name]:
            yield f"export {name}={shlex.quote(env[name])}"
