"""Where does a page lie in the report folder, and how does it link to another file there?

A page has a name that is its place below the language folder, without suffix: ``20_inspection``,
``units/371502/26_county``. All links are relative, so the folder may be moved or opened from a disk.
"""

import posixpath

REVIEW_FOLDER = "notebooks"


def unit_page(unit: str, chapter: str) -> str:
    """Name of the page that a unit chapter becomes for one county."""
    return f"units/{unit}/{chapter}"


def unit_of(page: str) -> str | None:
    """Code of the county that a page is about, None for a chapter of its own."""
    parts = page.split("/")
    return parts[1] if parts[0] == "units" else None


def tables_of(page: str) -> str:
    """Folder of the data files of a page: counties have one each, so that names do not collide."""
    unit = unit_of(page)
    return f"tables/units/{unit}" if unit else "tables"


def file_of(page: str, language: str, *, audience: str = "public", suffix: str = ".html") -> str:
    """Place of a page in the report folder; the reviewer's copies lie beside the executed notebooks."""
    folder = language if audience == "public" else f"{REVIEW_FOLDER}/{language}"
    return f"{folder}/{page}{suffix}"


def link(start: str, target: str) -> str:
    """Relative address of a file or folder as seen from the page ``start`` (both in the report folder)."""
    return posixpath.relpath(target, posixpath.dirname(start))
