"""Decides what of a plan people may see: pull requests, issues and logs are read by more than the account's owners.

Three nets: what Terraform marks as sensitive, wherever in the plan the same value turns up again; attributes
whose name says that they hold a secret; and values that look like a credential whatever they are called.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from blueprint.review.canonical import Output, Plan, Touched
from blueprint.review.marked import Path, Sensitive, Unknown

MASKED = "(masked)"
UNKNOWN = "(known after apply)"

_CREDENTIALS = re.compile(
    r"""
    \b(?:AKIA|ASIA)[A-Z0-9]{16}\b                              # AWS
    | \bgh[pousr]_[A-Za-z0-9]{20,}\b | \bgithub_pat_\w{20,}\b    # GitHub
    | \bglpat-[\w-]{20,} | \bxox[abprs]-[\w-]{10,}               # GitLab, Slack
    | \b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}\b                   # Stripe
    | \bAIza[\w-]{35}\b                                          # Google
    | \beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*                       # a JSON web token
    | -----BEGIN[ ][A-Z ]*PRIVATE[ ]KEY-----[\s\S]*?(?:-----END[ ][A-Z ]*PRIVATE[ ]KEY-----|\Z)
    | (?<=://)[^\s/:@]*:[^\s/@]+(?=@)                            # user and password in a URL
    | (?i:\b(?:bearer|basic)[ ]+)[A-Za-z0-9+/=._~-]{16,}
    | (?i:(?<![a-z:])(?:password|passwd|pwd|secret|token|api[_-]?key)\s*[=:]\s*)[^\s,;"']+
    """,
    re.VERBOSE,
)
# AWS's secret access key has no mark of its own: forty characters of base64 that are not a SHA-1 in hex.
_SECRET_KEY = re.compile(r"(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")

_SECRET_NAME = re.compile(
    r"(?:^|_)(?:pass(?:word|wd|phrase)?s?|pwd|secrets?|tokens?|credentials?|authorization"
    r"|secret_(?:string|binary|value)|connection_string"
    r"|(?:private|secret|access|api|auth|license|signing|encryption|account)_?keys?)(?:_(?:pem|base64|wo|hash))?$"
)
# A value this short turns up by chance; from the second length on it is looked for inside other values.
_SHORTEST, _WITHIN = 4, 8


class Mask:
    """Shows the values of one plan, without its secrets.

    `variables` are the values of the component's sensitive variables, which turn up in attributes without a mark.
    """

    def __init__(self, plan: Plan, *, variables: Iterable[Any] = ()) -> None:
        marked = [_of_plan(plan), *(_strings(value) for value in variables)]
        self._secrets = {text for texts in marked for text in texts if len(text) >= _SHORTEST}
        self._within = [text for text in self._secrets if len(text) >= _WITHIN]

    def value(self, value: Any, path: Path = ()) -> Any:
        """The marked `value` of the attribute at `path` as plain JSON that anybody may read."""
        if isinstance(value, Unknown):
            return UNKNOWN
        if isinstance(value, Sensitive):
            return MASKED
        if isinstance(value, bool) or value is None:
            return value
        if _is_secret(path):
            return MASKED if value not in ("", [], {}) else value
        if isinstance(value, dict):
            return self._mapping(value, path)
        if isinstance(value, list):
            return [self.value(item, (*path, place)) for place, item in enumerate(value)]
        if isinstance(value, str):
            return self._string(value, path)
        return MASKED if str(value) in self._secrets else value

    def text(self, text: str) -> str:
        """`text` (an address, a path) with what looks like a credential, or is a secret of the plan, covered."""
        for secret in self._within:
            text = text.replace(secret, MASKED)
        text = _CREDENTIALS.sub(MASKED, text)
        return _SECRET_KEY.sub(_cover_key, text)

    def _mapping(self, value: Mapping[str, Any], path: Path) -> dict[str, Any]:
        shown = {self.text(key): self.value(item, (*path, key)) for key, item in value.items()}
        # Containers list their environment as {"name": "DB_PASSWORD", "value": "..."}.
        name = value.get("name", value.get("key"))
        if isinstance(name, str) and "value" in value and _is_secret((name,)):
            shown["value"] = MASKED
        return shown

    def _string(self, value: str, path: Path) -> Any:
        if value in self._secrets:
            return MASKED
        if value.lstrip().startswith(("{", "[")):
            try:
                document = json.loads(value)
            except ValueError:
                return self.text(value)
            shown = self.value(document, path)
            return value if shown == document else json.dumps(shown)
        return self.text(value)


def sensitive_variables(document: Mapping[str, Any] | None) -> list[Any]:
    """The values of the variables that the configuration of a JSON plan declares sensitive."""
    if document is None:
        return []
    declared = document.get("configuration", {}).get("root_module", {}).get("variables", {})
    return [
        given["value"]
        for name, given in document.get("variables", {}).items()
        if declared.get(name, {}).get("sensitive") and "value" in given
    ]


def _of_plan(plan: Plan) -> Iterator[str]:
    touched: list[Touched | Output] = [*plan.resources, *plan.outputs]
    for item in touched:
        yield from _sensitive(item.before)
        yield from _sensitive(item.after)


def _sensitive(value: Any) -> Iterator[str]:
    if isinstance(value, Sensitive):
        yield from _strings(value.value)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _sensitive(item)
    elif isinstance(value, list):
        for item in value:
            yield from _sensitive(item)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _is_secret(path: Path) -> bool:
    return any(isinstance(step, str) and _SECRET_NAME.search(_snake(step)) for step in path)


def _snake(name: str) -> str:
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return words.replace("-", "_").replace(".", "_").lower()


def _cover_key(match: re.Match[str]) -> str:
    key = match[0]
    mixed = all(re.search(kind, key) for kind in ("[A-Z]", "[a-z]", "[0-9]"))
    return MASKED if mixed else key
