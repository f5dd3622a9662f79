"""A section of the report, and the registry of them: every module of blueprint/report/sections is one."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType

from blueprint.report import markdown, sections
from blueprint.report.context import Context


@dataclass(frozen=True)
class Section:
    """A part of the report.

    `render` returns Markdown, or None where there is nothing to say (its input is missing, for instance). It keeps to
    `context.rows`. Sections stand in the order of `order`; the built-in ones are multiples of 100.
    """

    name: str
    order: int
    render: Callable[[Context], str | None]


def registered(package: ModuleType = sections) -> tuple[Section, ...]:
    """The SECTION of every module in `package`, in order: to add one, add a module."""
    found: list[Section] = []
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        section = getattr(importlib.import_module(module.name), "SECTION", None)
        if not isinstance(section, Section):
            raise TypeError(f"{module.name} defines no SECTION")
        found.append(section)
    names = [section.name for section in found]
    if len(set(names)) < len(names):
        raise ValueError(f"two sections have the same name: {', '.join(sorted(names))}")
    return tuple(sorted(found, key=lambda section: (section.order, section.name)))


def rendered(chosen: Iterable[Section], context: Context) -> list[tuple[str, str]]:
    """Name and Markdown of each section that has something to say.

    One that fails says so in its place: a report without a section is better than none.
    """
    texts: list[tuple[str, str]] = []
    for section in chosen:
        try:
            text = section.render(context)
        except Exception as error:
            reason = markdown.code(f"{type(error).__name__}: {error}"[:200])
            text = f"The section {markdown.inert(section.name)} failed: {reason}"
        if text:
            texts.append((section.name, text))
    return texts
