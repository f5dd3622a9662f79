"""Brings a pull request's preview up, or up to date: package, apply, release, seed, smoke-test."""

from collections.abc import Callable, Mapping
from datetime import datetime

from blueprint import aws, paths
from blueprint.delivery import applying
from blueprint.delivery.applying import Prepare
from blueprint.delivery.commands import open_stack
from blueprint.delivery.outputs import Outputs
from blueprint.delivery.state import ensure_bucket
from blueprint.packaging.commands import package_functions
from blueprint.preview import records, stack_file
from blueprint.preview.records import Record, Records
from blueprint.release import commands as release
from blueprint.release import endpoint, smoke
from blueprint.stacks import stages
from blueprint.stacks.model import Component, Stack


def up(pull_request: int, *, commit: str, now: Callable[[], datetime]) -> str:
    """Bring the preview of `pull_request` to what the work tree says, which is `commit`; where its API answers.

    The stack file stays, so that every other verb knows the preview. Running it again continues an
    interrupted run, and gives the preview its whole lifetime anew.
    """
    stack_file.write(pull_request, root=paths.ROOT)
    stack, env = open_stack(stages.preview_stage(pull_request))
    package_functions([], force=False)
    s3 = aws.client("s3", env, region=stack.value("region"))
    ensure_bucket(stack, s3)
    kept = Records(s3, stack.state_bucket)
    kept.write(stack.name, renewed(kept, stack, pull_request, commit, now()))
    applying.apply(stack, env, prepare=_uploader(stack, env, kept))
    release.release_stack(stack, env)
    release.seed_stack(stack, env)
    smoke.require(release.smoke_stack(stack, env))
    return endpoint.api_url(stack, env, Outputs(stack, env))


def renewed(kept: Records, stack: Stack, pull_request: int, commit: str, now: datetime) -> Record:
    """The record of a preview that is made, or made anew, now; the day it was first made stays."""
    earlier = kept.find(stack.name)
    created = earlier.created if isinstance(earlier, Record) else now
    return Record(pull_request, commit, created, now + records.lifetime(stack))


def _uploader(stack: Stack, env: Mapping[str, str], kept: Records) -> Prepare:
    """Before a component that deploys packages: upload them, and keep their manifest for the preview's end."""
    upload = release.uploader(stack, env)

    def prepare(component: Component) -> None:
        upload(component)
        if release.reads_packages(component):
            kept.keep_manifest(stack.name, paths.MANIFEST.read_text(encoding="utf-8"))

    return prepare
