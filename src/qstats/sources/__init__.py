"""Supplier files to raw tables: which layout a file has, and its cells as text. No judgement on content."""

from qstats.sources.layouts import SourceLayout, read_layouts
from qstats.sources.reading import RawSource, open_source
from qstats.sources.template import write_inspection_template

__all__ = ["RawSource", "SourceLayout", "open_source", "read_layouts", "write_inspection_template"]
