#!/bin/sh
# Runs the environment's uv with the package index and the certificates that pip is set up for (a mirror, a
# company's network): uv does not read pip's configuration. What is set for uv itself goes before.
set -eu

python=.venv/bin/python
settings=$("$python" -m pip config list 2>/dev/null || true)
configured() { printf '%s\n' "$settings" | sed -n "s/^global\.$1='\(.*\)'\$/\1/p"; }

index=${UV_DEFAULT_INDEX:-${UV_INDEX_URL:-${PIP_INDEX_URL:-$(configured index-url)}}}
certificates=${SSL_CERT_FILE:-${PIP_CERT:-$(configured cert)}}
if [ -n "$index" ]; then export UV_DEFAULT_INDEX="$index"; fi
if [ -n "$certificates" ]; then export SSL_CERT_FILE="$certificates"; fi
exec "$python" -m uv "$@"
