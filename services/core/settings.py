"""What each function is told through its environment; read on first use, never at import."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self


class SettingError(Exception):
    """An environment variable is missing or unusable; the message names it."""


@dataclass(frozen=True, slots=True)
class ApiSettings:
    table_name: str
    queue_url: str

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Self:
        return cls(_text(environ, "TABLE_NAME"), _text(environ, "QUEUE_URL"))


@dataclass(frozen=True, slots=True)
class ProcessorSettings:
    table_name: str
    receipts_bucket: str

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Self:
        return cls(_text(environ, "TABLE_NAME"), _text(environ, "RECEIPTS_BUCKET"))


@dataclass(frozen=True, slots=True)
class SchedulerSettings:
    table_name: str
    queue_url: str
    pending_after: timedelta

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Self:
        return cls(
            _text(environ, "TABLE_NAME"),
            _text(environ, "QUEUE_URL"),
            _seconds(environ, "PENDING_AFTER_SECONDS", default=300),
        )


@dataclass(frozen=True, slots=True)
class AuthorizerSettings:
    jwks_url: str
    issuer: str
    client_ids: frozenset[str]

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Self:
        listed = (part.strip() for part in _text(environ, "CLIENT_IDS").split(","))
        clients = frozenset(client for client in listed if client)
        if not clients:
            raise SettingError("environment variable CLIENT_IDS names no client")
        return cls(_text(environ, "JWKS_URL"), _text(environ, "ISSUER"), clients)


def _text(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "").strip()
    if not value:
        raise SettingError(f"environment variable {name} is not set; the stack must provide it")
    return value


def _seconds(environ: Mapping[str, str], name: str, *, default: int) -> timedelta:
    text = environ.get(name, str(default))
    if not text.isdecimal():
        raise SettingError(f"environment variable {name} must be whole seconds, not {text!r}")
    return timedelta(seconds=int(text))
