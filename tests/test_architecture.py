"""ARCHITECTURE.md holds: imports point down, files and charts stay in their rooms, the map is true."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "qstats"

GROUND_FLOOR = {
    "acceptance_tables", "chapter_params", "characters", "credit_registry", "errors", "paths", "params",
    "codebook", "periods", "index_registry", "published_scores", "questionnaires", "reference",
    "reference_files", "schemas", "scheme_registry", "target_registry",
}  # fmt: skip
ASSESSMENTS = {
    "data_quality", "estimation", "satisfaction", "acceptance", "trend", "targets", "competitiveness",
    "ranking", "monitoring", "early_warning", "credit", "county_assessment", "sampling_plan",
}  # fmt: skip
# From the ground up. A part imports parts of lower floors; parts of one floor do not know each other.
# Cleaning knows the layouts that sources reads by; the pipeline knows the report that it publishes.
FLOORS: list[set[str]] = [
    GROUND_FLOOR,
    {"methods"},
    {"sources"},
    {"cleaning"},
    {"linkage"},
    ASSESSMENTS,
    {"report"},
    {"pipeline"},
    {"cli"},
    {"__main__"},
]
# The demonstration city stands aside: it knows the ground floor, and only the commands know it.
SYNTHETIC_KNOWS = GROUND_FLOOR
KNOWS_SYNTHETIC = {"cli"}

# Rooms that compute: what they read and write is handed in and out by those that may touch files.
WITHOUT_FILES = {"methods", "cleaning", "linkage"} | ASSESSMENTS
FILE_CALLS = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink", "rmdir"}
FRAME_FILE_CALLS = re.compile(
    r"(read|scan)_(csv|parquet|excel|ipc|json|ndjson)|sink_\w+|write_(csv|parquet|excel)|to_(csv|parquet|excel)"
)
METHODS_KNOW = sys.stdlib_module_names | {"numpy", "scipy", "qstats"}
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
LONGEST_MODULE = 300


def modules() -> dict[str, ast.Module]:
    """Map of dotted module name to its syntax tree."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    return found


MODULES = modules()


def imports_of(tree: ast.Module) -> Iterator[str]:
    """Yield the dotted name of everything that is imported, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part_of(module: str) -> str:
    """Room of the house that a module of qstats belongs to: ``qstats.sources.reading`` is in ``sources``."""
    return module.split(".")[1] if "." in module else ""


def qstats_imports(tree: ast.Module) -> set[str]:
    """Parts of qstats that a module imports."""
    return {part_of(name) for name in imports_of(tree) if name.startswith("qstats.")}


def allowed(part: str) -> set[str]:
    """Parts that a part may import, itself included."""
    if part == "synthetic":
        return SYNTHETIC_KNOWS | {"synthetic"}
    if part in GROUND_FLOOR:
        return GROUND_FLOOR
    level = next(level for level, floor in enumerate(FLOORS) if part in floor)
    aside = {"synthetic"} if part in KNOWS_SYNTHETIC else set()
    return {part, *aside}.union(*FLOORS[:level])


def violations(trees: dict[str, ast.Module]) -> list[str]:
    """Imports that do not point down, as ``module imports part``."""
    return [
        f"{module} imports {part}"
        for module, tree in trees.items()
        if module != "qstats"
        for part in sorted(qstats_imports(tree) - allowed(part_of(module)) - {"__version__"})
    ]


def test_every_part_has_a_floor() -> None:
    known = set().union(*FLOORS) | {"synthetic", ""}
    assert {part_of(module) for module in MODULES} <= known


def test_imports_point_down() -> None:
    assert violations(MODULES) == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("qstats.methods.intervals", "from qstats.estimation import estimate_rate"),
        ("qstats.params", "from qstats.sources import read_layouts"),
        ("qstats.cleaning.rules", "from qstats.estimation import estimate_rate"),
        ("qstats.ranking", "import qstats.estimation"),
        ("qstats.report.site", "from qstats import pipeline"),
        ("qstats.synthetic.city", "from qstats.sources import read_layouts"),
        ("qstats.pipeline.run", "def run():\n    from qstats.synthetic import write_city"),
    ],
)
def test_an_import_that_points_up_or_sideways_is_seen(module: str, line: str) -> None:
    assert [violation.split()[0] for violation in violations({module: ast.parse(line)})] == [module]


def test_imports_of_lower_floors_are_allowed() -> None:
    lines = (
        "from qstats.params import Params\nfrom qstats.cleaning import clean\nfrom qstats.report import site"
    )
    assert violations({"qstats.pipeline.run": ast.parse(lines)}) == []


def test_imports_form_no_circle() -> None:
    """Each module can be understood after those that it imports."""
    graph = {module: own_imports(module, tree) for module, tree in MODULES.items()}
    while leaves := {module for module, names in graph.items() if not names}:
        graph = {module: names - leaves for module, names in graph.items() if module not in leaves}
    assert graph == {}


def own_imports(module: str, tree: ast.Module) -> set[str]:
    """Modules of qstats that a module imports, the packages that it lies in left out."""
    return {name for name in imports_of(tree) if name in MODULES and not f"{module}.".startswith(f"{name}.")}


def test_no_vague_names() -> None:
    assert {name for module in MODULES for name in module.split(".")} & VAGUE_NAMES == set()


def packages_imported(tree: ast.Module) -> set[str]:
    """Top-level names of everything that is imported."""
    return {name.split(".")[0] for name in imports_of(tree)}


def test_only_figures_draw() -> None:
    drawing = {module for module, tree in MODULES.items() if "matplotlib" in packages_imported(tree)}
    assert {module for module in drawing if not module.startswith("qstats.report.figures")} == set()


def test_methods_are_formulas_on_arrays() -> None:
    """Formulas know numpy and scipy, and no Chinese word outside their docstrings."""
    for module, tree in MODULES.items():
        if part_of(module) == "methods":
            assert packages_imported(tree) <= METHODS_KNOW, module
            texts = texts_outside_docstrings(tree)
            assert [text for text in texts if re.search(r"[\u4e00-\u9fff]", text)] == [], module


def texts_outside_docstrings(tree: ast.Module) -> list[str]:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return [node.value for node in constants if isinstance(node.value, str) and id(node) not in docstrings]


def is_memory(node: ast.expr | None) -> bool:
    """Whether an expression is ``BytesIO(…)``: bytes in memory are no file."""
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "BytesIO"


def file_calls(tree: ast.Module) -> list[str]:
    """Calls that read or write files, by the name that is called."""
    buffers = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and is_memory(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            first = node.args[0] if node.args else None
            if is_memory(first) or (isinstance(first, ast.Name) and first.id in buffers):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in FILE_CALLS or FRAME_FILE_CALLS.fullmatch(name):
                found.append(f"line {node.lineno}: {name}()")
    return found


def test_rooms_that_compute_touch_no_files() -> None:
    rooms = {module: tree for module, tree in MODULES.items() if part_of(module) in WITHOUT_FILES}
    touching = {module: file_calls(tree) for module, tree in rooms.items()}
    assert {module: calls for module, calls in touching.items() if calls} == {}


def test_a_file_touched_by_a_computing_room_is_seen() -> None:
    code = "frame = pl.scan_parquet(path)\nwith open(path) as file: ...\nPath(path).write_text(text)\n"
    code += "held = BytesIO()\nframe.write_parquet(held)\npl.read_parquet(BytesIO(held.getvalue()))"
    called = {call.split(": ")[1] for call in file_calls(ast.parse(code))}
    assert called == {"scan_parquet()", "open()", "write_text()"}


def test_modules_are_short() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in PACKAGE.rglob("*.py")}
    assert {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > LONGEST_MODULE} == {}


def architecture() -> str:
    return (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def test_architecture_names_every_module() -> None:
    words = set(re.findall(r"\w+", architecture()))
    unnamed = {module for module in MODULES if module.split(".")[-1] not in words}
    assert unnamed == set()


def test_architecture_names_nothing_that_is_not_there() -> None:
    """Paths in `code` or links exist; what a run makes holds a placeholder: `reports/<run>/`."""
    quoted = re.findall(r"`([\w.*/-]+/[\w.*/-]*|[\w-]+\.(?:md|toml|yml|yaml|lock|py))`", architecture())
    linked = [target for target in re.findall(r"\]\(([^)#]+)[^)]*\)", architecture()) if "://" not in target]
    missing = {path for path in quoted + linked if not any(found_at(path))}
    assert missing == set()


def found_at(path: str) -> list[Path]:
    """Places that a path of ARCHITECTURE.md can mean: from the top folder, the package or a room."""
    pattern = path.strip("/")
    starts = (ROOT, PACKAGE, PACKAGE / "methods", PACKAGE / "report", PACKAGE.parent)
    return [place for start in starts for place in start.glob(pattern)]
