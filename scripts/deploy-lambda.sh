#!/usr/bin/env bash
# Builds the function packages, lets Terraform publish their versions, moves the alias `live` to them and checks the API.
#   scripts/deploy-lambda.sh [STACK]      default: local
set -euo pipefail

stack=${1:-local}
cd "$(dirname "${BASH_SOURCE[0]}")/.."
blueprint=.venv/bin/blueprint
[ -x "$blueprint" ] || { echo "$blueprint is missing: run 'make bootstrap' first" >&2; exit 1; }

"$blueprint" package --upload -s "$stack"
"$blueprint" apply -s "$stack" lambda
"$blueprint" release -s "$stack"
"$blueprint" smoke -s "$stack"
