"""qstats: assessments of a city's quality situation from raw inspection files."""

__version__ = "0.5.0"
