"""A directory of Terraform files as one module: its blocks, and which provider each of them means."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from blueprint.sources import hcl
from blueprint.sources.hcl import Block

_REGISTRY = "registry.terraform.io"
# Part of Terraform itself: terraform_data, terraform_remote_state.
_BUILT_IN = {"terraform": "terraform.io/builtin/terraform"}
_COMPUTED = "an address that is not written out"
_OF_A_PROVIDER = ("resource", "data", "ephemeral")


@dataclass(frozen=True)
class Placed:
    """A block and the file it stands in."""

    file: Path
    block: Block


@dataclass(frozen=True)
class Module:
    """`blocks` are those at the top of its .tf files, `unreadable` the files that are not HCL."""

    directory: Path
    blocks: tuple[Placed, ...]
    unreadable: Mapping[Path, hcl.UnreadableError]

    def declared(self) -> dict[str, tuple[str, Placed, int]]:
        """By local name of required_providers: the address, and where it is said."""
        found = {}
        for placed in self.blocks:
            if placed.block.kind != "terraform":
                continue
            for required in placed.block.within("required_providers"):
                for name, attribute in required.attributes.items():
                    value = attribute.value
                    source = value.get("source", name) if isinstance(value, dict) else name
                    whole = address(source) if isinstance(source, str) else _COMPUTED
                    found[name] = (whole, placed, attribute.line)
        return found


def read(directory: Path, pattern: str = "*.tf") -> Module:
    """The module in `directory`; `pattern` picks other files than its sources."""
    blocks: list[Placed] = []
    unreadable: dict[Path, hcl.UnreadableError] = {}
    for file in sorted(directory.glob(pattern)):
        try:
            blocks += [Placed(file, block) for block in hcl.read(file)]
        except hcl.UnreadableError as error:
            unreadable[file] = error
    return Module(directory, tuple(blocks), unreadable)


def address(source: str) -> str:
    """A provider's whole address, as the lock file has it; what a source leaves out is Terraform's default."""
    parts = source.lower().split("/")
    if len(parts) == 1:
        return _BUILT_IN.get(parts[0], f"{_REGISTRY}/hashicorp/{parts[0]}")
    return "/".join(parts if len(parts) > 2 else [_REGISTRY, *parts])


def local_name(block: Block) -> str | None:
    """The local name of the provider that `block` is of; None for a block of none."""
    if block.kind in ("provider", "mock_provider") and block.labels:
        return block.labels[0]
    if block.kind in _OF_A_PROVIDER and block.labels:
        chosen = block.attributes.get("provider")
        return chosen.reference if chosen else block.labels[0].partition("_")[0]
    return None
