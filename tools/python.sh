#!/bin/sh
# Prints the command of a Python that can make the environment: 3.11 to 3.13, with venv and pip.
# Every candidate is really run: version managers leave commands behind that only print an error.
set -eu

fits='import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
for python in "${1:-python3}" python3.11 python3.12 python3.13 python; do
    if "$python" -c "$fits" >/dev/null 2>&1; then
        echo "$python"
        exit 0
    fi
done
echo "qstats needs Python 3.11, 3.12 or 3.13 with its venv module, and found none." >&2
echo "On Debian or Ubuntu: apt-get install python3 python3-venv; else name one: make PYTHON=/path/to/python3.12 …" >&2
exit 1
