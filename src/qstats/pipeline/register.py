"""Which enterprises do the clean tables of a run name? The register, written beside them."""

from pathlib import Path

import polars as pl

from qstats.linkage import LINKED_TABLES, build_register, empty_register


def write_register(target: Path, decisions: pl.DataFrame) -> None:
    """Write ``enterprises``, ``enterprise_links`` and ``link_review`` of the tables in ``target``.

    A run that no department sent records to has all three empty, and nothing is compared.
    """
    records = pl.read_parquet(target / "enterprise_records.parquet")
    if records.is_empty():
        register = empty_register()
    else:
        tables = {name: pl.read_parquet(target / f"{name}.parquet") for name in LINKED_TABLES}
        register = build_register(tables, decisions)
    for name in ("enterprises", "enterprise_links", "link_review"):
        getattr(register, name).write_parquet(target / f"{name}.parquet")
