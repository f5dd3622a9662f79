"""The command `blueprint package`: arguments in, a table or JSON out."""

from collections.abc import Mapping

from rich.box import SIMPLE
from rich.table import Table

from blueprint import console
from blueprint.packaging import manifest
from blueprint.packaging.build import DIRECT_UPLOAD_LIMIT, build
from blueprint.packaging.manifest import Package


def package_functions(roles: list[str], *, force: bool) -> tuple[dict[str, Package], list[str]]:
    """Build with progress on standard error; returns all packages and the roles built anew."""
    with console.working("packaging the functions"):
        return build(roles, force=force, report=console.note)


def show(packages: Mapping[str, Package], built: list[str], *, as_json: bool) -> None:
    """Print what was packaged to standard output."""
    if as_json:
        console.out.print(manifest.render(packages), end="", markup=False)
        return
    table = Table("function", "zip", "unpacked", "modules", "libraries", "AWS", "", box=SIMPLE)
    for role, each in packages.items():
        table.add_row(
            role,
            _size(each.bytes),
            _size(each.unpacked_bytes),
            str(each.modules),
            str(len(each.distributions)),
            " ".join(each.services) or "-",
            "built" if role in built else "unchanged",
        )
    console.out.print(table)
    for role in built:
        each = packages[role]
        if each.left_out:
            console.note(f"{role}: locked but not imported, left out: {', '.join(each.left_out)}")
        if each.native:
            console.note(
                f"{role}: arm64 binaries, absent on other machines: {', '.join(each.native)}"
            )
        if each.bytes > DIRECT_UPLOAD_LIMIT:
            console.note(f"{role}: over 50 MB, deployable from the artifacts bucket only")


def _size(count: int) -> str:
    return f"{count / 1024**2:.2f} MB"
