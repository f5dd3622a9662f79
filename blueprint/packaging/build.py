"""Builds the packages whose inputs changed, all at once, and leaves exactly the current zips and their manifest."""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from blueprint import paths
from blueprint.errors import BlueprintError
from blueprint.packaging import archive, bytecode, config, first_party, manifest, wheels
from blueprint.packaging.config import PackageConfig, Target
from blueprint.packaging.first_party import FirstParty
from blueprint.packaging.manifest import Package
from blueprint.packaging.sdk_data import trim
from blueprint.packaging.third_party import Selection, select

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
UNPACKED_LIMIT = 250 * 1024 * 1024
DIRECT_UPLOAD_LIMIT = 50 * 1024 * 1024

Report = Callable[[str], None]


@dataclass(frozen=True)
class _Request:
    """One function before anything is built: its code is read, its inputs have their fingerprint."""

    package: PackageConfig
    lock: Path
    code: FirstParty
    inputs: str

    @property
    def role(self) -> str:
        return self.package.role


@dataclass(frozen=True)
class _Staged:
    """One function's files, complete but for bytecode."""

    request: _Request
    contents: dict[str, bytes]
    selection: Selection
    services: tuple[str, ...]


def build(
    roles: Sequence[str] = (),
    *,
    root: Path = paths.ROOT,
    force: bool = False,
    settings: config.Config | None = None,
    report: Report = lambda _: None,
) -> tuple[dict[str, Package], list[str]]:
    """Build the named functions (none: all) of the repository at `root` into its build/ directory.

    Returns every package the manifest now holds, and the roles that were built anew. `report` receives
    progress lines, from several threads. Raises BlueprintError with the cause; then the manifest and the zips
    it names are as before.
    """
    settings = settings or config.read()
    root = root.resolve()
    directory = root / "build" / "packages"
    file = root / "build" / "packages.json"
    current = _current(file, root=root)
    requests = [
        _request(package, root=root, target=settings.target) for package in settings.select(roles)
    ]
    stale = [
        request
        for request in requests
        if force or request.role not in current or current[request.role].inputs != request.inputs
    ]
    packages = dict(current)
    if stale:
        directory.mkdir(parents=True, exist_ok=True)
        for role, zipped, package in _build(
            stale, settings.target, build=file.parent, report=report
        ):
            target = root / package.file
            manifest.replace(target, zipped)
            packages[role] = package
    packages = {role: packages[role] for role in settings.packages if role in packages}
    if packages != current or not file.exists():
        manifest.write(packages, file)
    _remove_superseded(directory, packages.values(), root=root)
    return packages, [request.role for request in stale]


def inputs(*, root: Path = paths.ROOT, settings: config.Config | None = None) -> dict[str, str]:
    """By role, the fingerprint of what each function's package is built from; nothing is built."""
    settings = settings or config.read()
    root = root.resolve()
    return {
        role: _request(package, root=root, target=settings.target).inputs
        for role, package in settings.packages.items()
    }


def _current(file: Path, *, root: Path) -> dict[str, Package]:
    """The manifest's packages whose zip is there and is what its name says."""
    try:
        recorded = manifest.read(file)
    except BlueprintError:  # missing, or of another version: then everything is built anew
        return {}
    return {
        role: package
        for role, package in recorded.items()
        if (zipped := root / package.file).is_file()
        and manifest.digests(zipped.read_bytes())[0] == package.sha256
    }


def _request(package: PackageConfig, *, root: Path, target: Target) -> _Request:
    lock = root / "requirements" / f"{package.role}.txt"
    if not lock.is_file():
        raise BlueprintError(
            f"requirements/{lock.name}, the lock of the function {package.role}, is missing",
            remedy=f"write requirements/{package.role}.in and run `make lock`",
        )
    code = first_party.collect(package, root)
    digest = hashlib.sha256()
    for part in (_packager(), repr((target, package)).encode(), lock.read_bytes()):
        digest.update(hashlib.sha256(part).digest())
    digest.update(archive.content_digest(code.files).encode())
    return _Request(package, lock, code, digest.hexdigest())


@cache
def _packager() -> bytes:
    """The packager's own source: a change in it may change what it makes."""
    own = sorted(Path(__file__).parent.glob("*.py"))
    return b"".join(file.read_bytes() for file in own)


def _build(
    requests: Sequence[_Request], target: Target, *, build: Path, report: Report
) -> list[tuple[str, bytes, Package]]:
    uv = wheels.find_uv()
    python = bytecode.find_python(target.python, uv=uv)
    if not archive.compressor_is_zlib():
        report(
            "this Python does not compress with zlib: the packages work, but other machines name them differently"
        )
    with (
        tempfile.TemporaryDirectory(dir=build, prefix=".staging-") as scratch,
        ThreadPoolExecutor(len(requests)) as pool,
    ):

        def stage(request: _Request) -> _Staged:
            installed = Path(scratch, request.role)
            wheels.install(request.lock, target, installed, uv=uv, python=python)
            staged = _stage(request, installed)
            report(f"{request.role}: {len(staged.selection.distributions)} libraries")
            return staged

        stages = list(pool.map(stage, requests))
        compiled = bytecode.compile_all(
            (source for staged in stages for source in _sources(staged)),
            python=python,
            scratch=Path(scratch),
        )
        return list(pool.map(lambda staged: _pack(staged, compiled, target=target), stages))


def _stage(request: _Request, installed: Path) -> _Staged:
    """Choose what of the installed lock goes with the function's own code."""
    package, code = request.package, request.code
    selection = select(installed, code.external, role=package.role, declared=package.distributions)
    contents, services = trim(
        selection.files,
        named=code.clients | selection.clients,
        declared=package.clients,
        resources=code.resources | selection.resources,
        role=package.role,
    )
    return _Staged(request, {**contents, **code.files}, selection, services)


def _sources(staged: _Staged) -> Iterable[bytecode.Source]:
    return (
        bytecode.Source(path, content)
        for path, content in staged.contents.items()
        if path.endswith(".py")
    )


def _pack(
    staged: _Staged, compiled: Mapping[bytecode.Source, bytes], *, target: Target
) -> tuple[str, bytes, Package]:
    contents = dict(staged.contents)
    for source in _sources(staged):
        if source in compiled:
            pure = PurePosixPath(source.path)
            cached = pure.parent / "__pycache__" / f"{pure.stem}.{target.cache_tag}.pyc"
            contents[str(cached)] = compiled[source]
    role = staged.request.role
    unpacked = sum(map(len, contents.values()))
    if unpacked > UNPACKED_LIMIT:
        largest = max(contents, key=lambda path: len(contents[path]))
        raise BlueprintError(
            f"{role} is {unpacked / 1024**2:.0f} MB unpacked, and Lambda takes 250 MB; its largest file is {largest}",
            remedy=f"drop distributions from requirements/{role}.in and run `make lock`, or deploy a container image",
        )
    zipped = archive.pack(contents)
    sha256, base64sha256 = manifest.digests(zipped)
    return (
        role,
        zipped,
        Package(
            file=f"build/packages/{role}-{sha256}.zip",
            sha256=sha256,
            base64sha256=base64sha256,
            key=f"functions/{role}/{sha256}.zip",
            bytes=len(zipped),
            unpacked_bytes=unpacked,
            inputs=staged.request.inputs,
            content=archive.content_digest(contents),
            modules=staged.request.code.modules,
            distributions=staged.selection.distributions,
            left_out=staged.selection.left_out,
            native=tuple(staged.selection.native),
            services=staged.services,
        ),
    )


def _remove_superseded(directory: Path, packages: Iterable[Package], *, root: Path) -> None:
    kept = {root / package.file for package in packages}
    for file in directory.glob("*.zip"):
        if file not in kept:
            file.unlink()
