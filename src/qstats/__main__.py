"""``python -m qstats`` is the command line."""

from qstats.cli import main

main()
