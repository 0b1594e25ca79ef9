#!/bin/sh
# Are the system's own parts here: pango (WeasyPrint lays out PDF pages with it), a Chinese font, pdftotext?
# As root on Debian or Ubuntu it installs what is missing; elsewhere it stops with the command to run.
# Usage: tools/system.sh PYTHON [pdftotext]     (pdftotext is needed by the tests only)
set -eu

python=$1
wanted=${2:-}
font='Noto Sans CJK SC'
packages='libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-cjk'
if [ -n "$wanted" ]; then packages="$packages poppler-utils"; fi

missing() {
    for library in libpango-1.0.so.0 libpangoft2-1.0.so.0 libharfbuzz-subset.so.0; do
        "$python" -c "import ctypes; ctypes.CDLL('$library')" 2>/dev/null || echo "$library"
    done
    if ! command -v fc-list >/dev/null; then
        echo 'fc-list (fontconfig)'
    elif [ -z "$(fc-list ":family=$font" family)" ]; then
        echo "font $font"
    fi
    if [ -n "$wanted" ]; then command -v "$wanted" >/dev/null || echo "$wanted"; fi
}

lacking=$(missing)
if [ -z "$lacking" ]; then exit 0; fi
lacking=$(printf '%s' "$lacking" | tr '\n' ',' | sed 's/,/, /g')

if ! command -v apt-get >/dev/null; then
    echo "qstats needs from the system: $lacking." >&2
    echo "Install pango 1.44 or later, fontconfig and the Noto CJK fonts with the package manager of this" >&2
    echo "machine (or use conda: conda env create -f environment.yml), then run the command again." >&2
    exit 1
fi
if [ "$(id -u)" != 0 ]; then
    echo "qstats needs from the system: $lacking. Run this, then the command again:" >&2
    echo "  sudo apt-get update && sudo apt-get install --yes --no-install-recommends $packages" >&2
    exit 1
fi

echo "Installing from the system's packages: $lacking"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086  # a list of packages
apt-get install -qq --yes --no-install-recommends $packages >/dev/null
lacking=$(missing)
if [ -n "$lacking" ]; then
    echo "Still missing after the installation: $lacking" >&2
    exit 1
fi
