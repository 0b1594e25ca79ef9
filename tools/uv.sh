#!/bin/sh
# Runs the environment's uv with the package index that pip is set up for (a mirror, say), which uv does not read.
set -eu

python=.venv/bin/python
index=${PIP_INDEX_URL:-$("$python" -m pip config get global.index-url 2>/dev/null || true)}
if [ -n "$index" ] && [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then export UV_DEFAULT_INDEX="$index"; fi
exec "$python" -m uv "$@"
