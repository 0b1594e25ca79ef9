"""Which rows of which tables speak of one enterprise? The register by record linkage."""

from qstats.linkage.register import LINKED_TABLES, Register, build_register, empty_register

__all__ = ["LINKED_TABLES", "Register", "build_register", "empty_register"]
