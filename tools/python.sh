#!/bin/sh
# Prints the command of a Python that can make the environment: 3.11 to 3.13 with its venv module.
# Every candidate is really run: version managers leave commands behind that only print an error.
# Debian keeps venv in a package of its own: root gets it installed, others are told the command.
set -eu

right_version='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
candidates="python3.11 python3.12 python3.13 python"

first_that_can() {
    for python in "$chosen" $candidates; do
        if "$python" -c "$1" >/dev/null 2>&1; then
            echo "$python"
            return
        fi
    done
}

chosen=${1:-python3}
python=$(first_that_can "import ensurepip, venv; $right_version")
if [ -z "$python" ]; then
    python=$(first_that_can "$right_version")
    if [ -z "$python" ]; then
        echo "qstats needs Python 3.11, 3.12 or 3.13 and found none. Name one: make PYTHON=/path/to/python3.12" >&2
        exit 1
    fi
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "$python has no venv module. Run this, then the command again (on Debian or Ubuntu):" >&2
        echo "  sudo apt-get update && sudo apt-get install --yes $package" >&2
        exit 1
    fi
    echo "Installing from the system's packages: $package" >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes "$package"; } >/dev/null
fi
echo "$python"
