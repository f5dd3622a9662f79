"""Provides the tools the blueprint runs: uv, Terraform, Atmos, Go and the Python environments.

It runs before the virtual environment exists, so it imports the standard library only.

catalogue     what tools.toml pins            provision     PATH, cache, download, registry: in order
downloads     releases, checksums             stamps        what was provided, so that it is not redone
programs      runs another program            environments  .venv and its siblings, from the locks
go_build      Atmos from Go modules           locks         renews requirements/*.txt
packages      tools from Python packages      terraform     the AWS provider, Terraform's environment
"""
