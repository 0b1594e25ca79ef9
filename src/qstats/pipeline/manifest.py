"""From what was a report made? Checksums of everything that went in and came out, beside the report."""

import hashlib
import json
import platform
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from qstats import __version__
from qstats.params import Params
from qstats.paths import notebooks_folder, processed_folder, project_root, reference_folder

PACKAGES = (
    "jupyterlab", "matplotlib", "nbconvert", "numpy", "pandas", "papermill", "polars", "python-calamine",
    "scipy", "statsmodels", "weasyprint", "xlsxwriter",
)  # fmt: skip
_PACKAGE_FOLDER = Path(__file__).parents[1]


def hash_files(files: Iterable[Path], root: Path) -> str:
    """One SHA-256 of many files: of their paths below ``root`` and their contents, in sorted order."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(path.relative_to(root).as_posix().encode() + b"\0")
        with path.open("rb") as content:
            total.update(hashlib.file_digest(content, "sha256").digest())
    return total.hexdigest()


def describe_ingredients(params: Params) -> dict[str, Any]:
    """Checksums of inputs, parameters, library, notebooks, template, reference tables, fonts and lock."""
    from qstats.report.fonts import locate_font

    sources = pl.read_parquet(processed_folder(params.run) / "sources.parquet")
    inputs = dict(sources.select("file", "sha256").sort("file", "sha256").iter_rows())
    library = [path for path in _PACKAGE_FOLDER.rglob("*") if path.suffix in (".py", ".j2", ".css", ".yaml")]
    reference = [path for path in reference_folder().rglob("*") if path.is_file()]
    lock = project_root() / "requirements.lock"
    font = Path(locate_font("Noto Sans CJK SC")[0])
    return {
        "inputs": inputs,
        "parameters": params.model_dump(mode="json"),
        "library": hash_files(library, _PACKAGE_FOLDER),
        "notebooks": {
            chapter: hash_files([notebooks_folder() / f"{chapter}.ipynb"], notebooks_folder())
            for chapter in (*params.chapters, *params.unit_chapters)
        },
        "reference": hash_files(reference, reference_folder()),
        "fonts": {font.name: hash_files([font], font.parent)},
        "lock": hash_files([lock], lock.parent) if lock.exists() else None,
    }


def report_version(ingredients: Mapping[str, Any]) -> str:
    """Version printed on every page: that of the library and eight characters of what went in."""
    key = hashlib.sha256(json.dumps(ingredients, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    return f"{__version__}-{key[:8]}"


@contextmanager
def timed(step: str, durations: dict[str, float]) -> Iterator[None]:
    """Put the seconds that a step takes into ``durations``."""
    start = time.perf_counter()
    yield
    durations[step] = time.perf_counter() - start


def write_manifest(
    folder: Path,
    params: Params,
    pages: Iterable[str],
    ingredients: Mapping[str, Any],
    durations: Mapping[str, float],
) -> None:
    """Write ``manifest.json`` for the report in ``folder`` with its pages; durations are not hashed."""
    outputs = {
        path.relative_to(folder).as_posix(): hash_files([path], folder)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] != "notebooks"
    }
    hashed = {
        "run": params.run,
        "version": report_version(ingredients),
        "ingredients": ingredients,
        "rows": _count_rows(params.run),
        "seeds": {"synthetic": params.synthetic.seed} if params.synthetic else {},
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "reports": {page: {"status": "done"} for page in pages},
        "outputs": outputs,
    }
    total = hashlib.sha256(json.dumps(hashed, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    manifest = {
        "sha256": total,
        "hashed": hashed,
        "seconds": {name: round(took, 2) for name, took in durations.items()},
    }
    content = json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    (folder / "manifest.json").write_text(content, encoding="utf-8")


def _count_rows(run: str) -> dict[str, int]:
    tables = sorted(processed_folder(run).glob("*.parquet"))
    return {path.stem: int(pl.scan_parquet(path).select(pl.len()).collect().item()) for path in tables}
