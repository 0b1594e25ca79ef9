"""Where everything lies. The only module that knows the folders of the project."""

import os
from pathlib import Path


def project_root() -> Path:
    """Top folder of the project: ``QSTATS_HOME``, else found upward from here or from the package."""
    if home := os.environ.get("QSTATS_HOME"):
        return Path(home)
    for start in (Path.cwd(), Path(__file__).parent):
        for folder in (start, *start.parents):
            if (folder / "params").is_dir() and (folder / "data" / "reference").is_dir():
                return folder
    return Path.cwd()


def reference_folder() -> Path:
    """Codebook, divisions, layouts and published figures (``data/reference``)."""
    return project_root() / "data" / "reference"


def layouts_folder() -> Path:
    """Supplier layouts (``data/reference/sources``)."""
    return reference_folder() / "sources"


def corrections_folder() -> Path:
    """Declared fixes to source files (``data/corrections``)."""
    return project_root() / "data" / "corrections"


def delivery_record(run: str) -> Path:
    """Delivery record of a run whose raw folder is not ours (``data/deliveries/<run>.csv``)."""
    return project_root() / "data" / "deliveries" / f"{run}.csv"


def raw_folder(run: str) -> Path:
    """Supplier files of a run as received (``data/raw/<run>``)."""
    return project_root() / "data" / "raw" / run


def processed_folder(run: str) -> Path:
    """Cleaned tables of a run (``data/processed/<run>``)."""
    return project_root() / "data" / "processed" / run


def report_folder(run: str) -> Path:
    """Published report of a run (``reports/<run>``)."""
    return project_root() / "reports" / run


def notebooks_folder() -> Path:
    """Chapters of the assessment (``notebooks``)."""
    return project_root() / "notebooks"


def params_folder() -> Path:
    """Parameter files (``params``)."""
    return project_root() / "params"
