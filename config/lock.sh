#!/bin/sh
# Rewrites both lock files from pyproject.toml: universal, hashed, without the name of any package host.
set -eu
cd "$(dirname "$0")/.."
UV_NO_PROGRESS=1
export UV_NO_PROGRESS
compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header "$@"
}
compile pyproject.toml --output-file requirements.txt
compile pyproject.toml --group dev --constraints requirements.txt --output-file requirements-dev.txt
