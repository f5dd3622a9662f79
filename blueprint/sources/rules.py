"""What a Terraform module may not hold: the rules, one function each."""

import re
from collections.abc import Iterator
from pathlib import Path

from blueprint.sources import module as modules
from blueprint.sources.finding import Finding
from blueprint.sources.hcl import Block
from blueprint.sources.module import Module, Placed
from blueprint.sources.policy import Policy

_PLAIN_LABEL = re.compile(r"[A-Za-z0-9_./$-]+")
_HASH = re.compile(r"(h1:[A-Za-z0-9+/]{43}=|zh:[0-9a-f]{64})")
_ALLOW = (
    "use an allowed provider, or add it to providers in policies/terraform.yaml with its reason"
)


def unreadable(module: Module) -> Iterator[Finding]:
    """A file no rule can look into is refused whatever it holds."""
    for file, error in module.unreadable.items():
        yield Finding(
            file,
            error.line,
            "readable",
            error.reason,
            "correct it; `terraform fmt` names the place",
        )


def plain_labels(module: Module) -> Iterator[Finding]:
    """A label is compared as it is written, so none may be written in another way."""
    for placed in module.blocks:
        for block in (placed.block, *_all(placed.block)):
            for label in block.labels:
                if not _PLAIN_LABEL.fullmatch(label):
                    yield Finding(
                        placed.file,
                        block.line,
                        "plain-labels",
                        f'the label "{label}" is not plain',
                        "write it with letters, digits, dashes and underscores only",
                    )


def providers(module: Module, policy: Policy, declared: Module | None = None) -> Iterator[Finding]:
    """Only allowed providers, whether they are declared or meant by a resource's type.

    `declared` is the module whose required_providers count, where it is another one.
    """
    known = (declared or module).declared()
    if declared is None:
        for name, (address, placed, line) in known.items():
            if address not in policy.providers:
                yield _not_allowed(placed.file, line, f"{name} = {address}")
    for placed in module.blocks:
        meant = modules.local_name(placed.block)
        if meant is None or meant in known:
            continue
        address = modules.address(meant)
        if address not in policy.providers:
            title = " ".join([placed.block.kind, *placed.block.labels])
            yield _not_allowed(placed.file, placed.block.line, f"{title} is of {address}")


def provider_arguments(module: Module, policy: Policy) -> Iterator[Finding]:
    """A provider block sets nothing that could send credentials elsewhere."""
    known = module.declared()
    for placed in module.blocks:
        block = placed.block
        if block.kind != "provider":
            continue
        name = modules.local_name(block) or ""
        address = known[name][0] if name in known else modules.address(name)
        allowed = policy.providers.get(address, frozenset())
        set_here = {name: item.line for name, item in block.attributes.items()}
        set_here |= {inner.kind: inner.line for inner in block.blocks}
        for argument, line in set_here.items():
            if argument not in allowed:
                yield Finding(
                    placed.file,
                    line,
                    "provider-arguments",
                    f"the provider {name} sets {argument}",
                    f"leave it to the environment (allowed here: {', '.join(sorted(allowed))})",
                )


def refused_blocks(module: Module, policy: Policy) -> Iterator[Finding]:
    """Nothing that policies/terraform.yaml refuses by its type."""
    for placed in module.blocks:
        for block in (placed.block, *_all(placed.block)):
            refused = policy.refused.get((block.kind, block.labels[0])) if block.labels else None
            if refused:
                yield Finding(
                    placed.file,
                    block.line,
                    "refused-blocks",
                    f'{block.kind} "{block.labels[0]}" may not be used: {refused.reason}',
                    refused.remedy,
                )


def local_modules(module: Module, root: Path) -> Iterator[Finding]:
    """A module is part of this repository, where these rules have read it."""
    for placed in module.blocks:
        calls = [placed.block] if placed.block.kind == "module" else []
        # In a test the module under test stands inside its run.
        calls += placed.block.within("module")
        for call in calls:
            source = call.attributes.get("source")
            written = source.value if source else None
            base = placed.file.parent if placed.file.suffix == ".tf" else module.directory
            if isinstance(written, str) and written.startswith(("./", "../")):
                place = (base / written).resolve()
                if place.is_relative_to(root.resolve()) and any(place.glob("*.tf")):
                    continue
            yield Finding(
                placed.file,
                source.line if source else call.line,
                "local-modules",
                f"the module's source {written!r} is no directory of components/terraform",
                "write a plain path that starts with ./ or ../, and keep the module in this repository",
            )


def state_by_stack(module: Module) -> Iterator[Finding]:
    """Where a state lies is the stack's to say, and Atmos's to write."""
    for placed in module.blocks:
        if placed.block.kind == "terraform":
            for block in placed.block.blocks:
                if block.kind in ("backend", "cloud"):
                    yield Finding(
                        placed.file,
                        block.line,
                        "state-by-stack",
                        f"a {block.kind} block decides where the state goes",
                        "take it out: terraform.backend in stacks/catalog/all.yaml says it",
                    )


def lock(file: Path, module: Module, used: set[str], policy: Policy) -> Iterator[Finding]:
    """Every provider a component uses is pinned by hash, and no other one is; `module` is of the lock `file`."""
    renew = (
        "run `terraform providers lock` for every platform in use, in components/terraform/_shared"
    )
    locked: dict[str, Placed] = {
        placed.block.labels[0]: placed
        for placed in module.blocks
        if placed.block.kind == "provider" and placed.block.labels
    }
    for address, placed in locked.items():
        if address not in policy.providers:
            yield _not_allowed(file, placed.block.line, address)
        hashes = placed.block.attributes.get("hashes")
        values = hashes.value if hashes and isinstance(hashes.value, list) else []
        if not values or not all(
            isinstance(item, str) and _HASH.fullmatch(item) for item in values
        ):
            line = hashes.line if hashes else placed.block.line
            yield Finding(file, line, "locked-by-hash", f"{address} is not pinned by hashes", renew)
    for address in sorted(used - set(locked)):
        if address in policy.providers:
            yield Finding(
                file, 1, "locked-by-hash", f"{address} is used and not in the lock", renew
            )


def _not_allowed(file: Path, line: int, what: str) -> Finding:
    return Finding(file, line, "allowed-providers", f"{what}, which is not on the list", _ALLOW)


def _all(block: Block) -> Iterator[Block]:
    for inner in block.blocks:
        yield inner
        yield from _all(inner)
