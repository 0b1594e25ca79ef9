"""Do the documents still say what the code does?"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import typer
import yaml
from pydantic import BaseModel
from scipy.stats import beta, chi2, nbinom, norm, t

from qstats import schemas
from qstats.cleaning.admissibility import WINDOWS
from qstats.cleaning.published_counts import PUBLISHED_COUNTS
from qstats.cli import app
from qstats.index_registry import INDICES
from qstats.methods.binomial_intervals import korn_graubard_interval
from qstats.methods.differences import mover_difference
from qstats.methods.waiting_times import fit_waiting_times
from qstats.params import Params
from qstats.periods import Period
from qstats.report.findings import Finding
from qstats.sources.deliveries import Delivery
from qstats.sources.layouts import SourceLayout
from qstats.targets import OFF_COURSE, ON_COURSE, read_status
from qstats.targets.registers import count_stock
from qstats.trend import Rules, finish_series
from qstats.trend.slopes import fit_trend, tabulate_slope

SCHEMAS: dict[str, dict[str, pl.DataType]] = {
    "inspections": schemas.INSPECTIONS,
    "inspection_items": schemas.INSPECTION_ITEMS,
    "batch_rows": schemas.BATCH_ROWS,
    "issues": schemas.ISSUES,
    "sources": schemas.SOURCES,
    "windows": WINDOWS,
    "published_counts": PUBLISHED_COUNTS,
    "published_series": schemas.PUBLISHED_SERIES,
    "respondents": schemas.RESPONDENTS,
    "unanswered": schemas.UNANSWERED,
    "margins": schemas.MARGINS,
    "projects": schemas.PROJECTS,
    "dwellings": schemas.DWELLINGS,
    "measurements": schemas.MEASUREMENTS,
    "complaints": schemas.COMPLAINTS,
    "registers": schemas.REGISTERS,
    "enterprise_records": schemas.ENTERPRISE_RECORDS,
    "enterprises": schemas.ENTERPRISES,
    "enterprise_links": schemas.ENTERPRISE_LINKS,
    "link_review": schemas.LINK_REVIEW,
    "denominators": schemas.DENOMINATORS,
}
TYPES = {"String": "string", "Int64": "integer", "Float64": "number", "Date": "date"}
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "docs", "params", "data", "reports")


def documents(project: Path) -> list[Path]:
    """Markdown files that are part of the project."""
    found = []
    for name in DOCUMENTS:
        place = project / name
        found += [place] if place.is_file() else [*place.glob("*.md"), *place.glob("*/README.md")]
    return [*found, *(project / "docs" / "decisions").glob("*.md")]


def table_rows(text: str) -> list[list[str]]:
    """Cells of the body rows of all Markdown tables in a text."""
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|---")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def described_columns(project: Path, table: str) -> dict[str, str]:
    """Column → type of one table in docs/tables.md."""
    text = (project / "docs" / "tables.md").read_text(encoding="utf-8")
    section = re.split(r"^#{2,3} ", text.split(f"### `{table}`\n")[1], flags=re.MULTILINE)[0]
    rows = table_rows(section)[1:]
    return {name: row[1] for row in rows for name in re.findall(r"`([^`]+)`", row[0])}


@pytest.mark.parametrize("table", SCHEMAS)
def test_tables_are_described_column_by_column(project: Path, table: str) -> None:
    fixed = {name: TYPES[str(dtype)] for name, dtype in SCHEMAS[table].items()}
    assert described_columns(project, table) == fixed


def test_fields_of_findings_are_described(project: Path) -> None:
    text = (project / "docs" / "tables.md").read_text(encoding="utf-8")
    section = text.split("### `findings.json`")[1].split("###")[0]
    named = {name for row in table_rows(section)[1:] for name in re.findall(r"`([^`]+)`", row[0])}
    assert named == {*Finding.__dataclass_fields__, "change"}


def test_every_parameter_is_described(project: Path) -> None:
    text = (project / "params" / "README.md").read_text(encoding="utf-8")
    described = {name for row in table_rows(text) for name in re.findall(r"`([^`]+)`", row[0])}
    assert parameter_keys(Params) <= described


def test_the_indices_that_are_described_are_those_that_are_computed(project: Path) -> None:
    folder = project / "data" / "reference" / "indices"
    assert {path.stem for path in folder.glob("*.csv")} == {*INDICES, "bands", "published_mqci"}
    code = [
        path.read_text(encoding="utf-8") for path in (project / "src" / "qstats" / "report").rglob("*.py")
    ]
    assert set(re.findall(r'read_index\(\s*"(\w+)"', "\n".join(code))) == set(INDICES)
    readme = (project / "README.md").read_text(encoding="utf-8")
    described = readme.split("**The indices.**")[1].split("\n\n")[0]
    assert {f"`{name}.csv`" for name in INDICES} <= set(re.findall(r"`[^`]+`", described))


def test_the_base_that_is_described_is_that_of_the_file(project: Path) -> None:
    """Single values and lists of them, without a remark behind; what is told in words is not compared."""
    text = (project / "params" / "base.yaml").read_text(encoding="utf-8")
    base = dict(plain_values(yaml.load(text, Loader=yaml.BaseLoader)))
    rows = table_rows((project / "params" / "README.md").read_text(encoding="utf-8"))
    compared = {}
    for names, _, said in (row for row in rows if len(row) == 3):
        keys = re.findall(r"`([^`]+)`", names)
        if keys and set(keys) <= set(base):
            compared[names] = (said.split(": ")[0].strip("`[]"), ", ".join(base[key] for key in keys))
    assert len(compared) > 40
    assert {names: both for names, both in compared.items() if both[0] != both[1]} == {}


def plain_values(settings: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Dotted keys with their values as written; lists of values as one text, lists of settings left out."""
    for key, value in settings.items():
        if isinstance(value, dict):
            yield from plain_values(value, f"{above}{key}.")
        elif not isinstance(value, list) or all(isinstance(one, str) for one in value):
            yield f"{above}{key}", value if isinstance(value, str) else ", ".join(value)


def parameter_keys(model: type[BaseModel]) -> set[str]:
    """Keys of a parameter file, nested ones with a dot; a text in both languages is one key."""
    keys = set()
    for name, field in model.model_fields.items():
        options = [field.annotation, *getattr(field.annotation, "__args__", ())]
        inner = next((one for one in options if isinstance(one, type) and issubclass(one, BaseModel)), None)
        whole = inner is None or set(inner.model_fields) == {"zh", "en"}
        keys |= {name} if whole or inner is None else {f"{name}.{key}" for key in parameter_keys(inner)}
    return keys


def test_delivery_record_is_described(project: Path) -> None:
    text = (project / "data" / "raw" / "README.md").read_text(encoding="utf-8")
    columns = ["file", *Delivery.__dataclass_fields__]
    assert [row[0].strip("`") for row in table_rows(text)[1:]] == columns
    assert ",".join(columns) in (project / "README.md").read_text(encoding="utf-8")


def test_commands_of_the_readme_exist(project: Path) -> None:
    text = (project / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (project / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:^    |`)make ([a-z]+)", text, re.MULTILINE)) <= targets
    commands = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    named = set(re.findall(r"bin/qstats ([a-z]+)", text))
    assert named and named <= commands


def test_layout_of_the_readme_is_valid(project: Path) -> None:
    text = (project / "README.md").read_text(encoding="utf-8")
    layout = next(block for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if "columns:" in block)
    assert SourceLayout.model_validate(yaml.safe_load(layout)).id == "donge_bureau"


def test_links_lead_somewhere(project: Path) -> None:
    for document in documents(project):
        targets = re.findall(r"\]\(([^)#]+)", document.read_text(encoding="utf-8"))
        lost = [target for target in targets if ":" not in target and not (document.parent / target).exists()]
        assert not lost, f"{document.name}: {lost}"


def test_pictures_are_small(project: Path) -> None:
    pictures = list((project / "docs" / "pictures").iterdir())
    assert pictures and sum(picture.stat().st_size for picture in pictures) < 700_000


def test_examples_of_the_methods(project: Path) -> None:
    text = (project / "docs" / "methods.md").read_text(encoding="utf-8")
    passes, n = np.array([630, 593, 609, 33, 630, 610]), np.array([653, 625, 648, 33, 676, 649])
    worth = np.array([603.6, 603.1, 619.4, 31.4, 624.9, 620.3])
    rate, (lower, upper) = passes / n, korn_graubard_interval(passes / n, worth)
    assert f"630 of 653, worth 603.6: {100 * lower[0]:.1f}% to {100 * upper[0]:.1f}%" in text
    assert f"it is {100 * lower[3]:.1f}% to {100 * upper[3]:.0f}%" in text
    for now, earlier, shared in ((0, 1, 0.0), (0, 2, 0.04), (4, 5, 0.0)):
        pairs = [(part[now], part[earlier]) for part in (rate, lower, upper)]
        change, low, high = (
            f"{100 * float(limit):+.1f}".replace("-", "−") for limit in mover_difference(*pairs, shared)
        )
        assert f"{change} points, {low} to {high}" in text
    assert f"630/676 = {630 / 676:.1%}" in text and f"653/676 = {653 / 676:.1%}" in text
    assert f"completeness {653 / 676:.1%}" in text and f"5 of 23 failed batches: {5 / 23:.1%}" in text


def test_example_of_trend_models(project: Path) -> None:
    """Difference of two logits by hand; φ and its degrees of freedom are given."""
    text = " ".join((project / "docs" / "methods.md").read_text(encoding="utf-8").split())
    change = np.log(2340 / 60) - np.log(4632 / 168)
    error = np.sqrt(1 / 4632 + 1 / 168 + 1 / 2340 + 1 / 60)
    assert f"{change:+.3f}, with a standard error of √(1/4632 + 1/168 + 1/2340 + 1/60) = {error:.3f}" in text
    reach = t.ppf(0.975, 34) * np.sqrt(1.8) * error
    limits = f"{change - reach:+.2f} to {change + reach:+.2f}".replace("-", "−")
    assert f"{change:.3f} ± {t.ppf(0.975, 34):.2f}·√1.8·{error:.3f}: {limits}" in text


def test_examples_of_satisfaction(project: Path) -> None:
    """Computed again by hand, with Student quantiles of scipy."""
    text = " ".join((project / "docs" / "methods.md").read_text(encoding="utf-8").split())
    answers = np.array([10, 10, 7, 4])
    satisfied, top, bottom = (answers >= 7).mean(), (answers >= 9).mean(), (answers <= 4).mean()
    score = (100 * (answers - 1) / 9).mean()
    shares = f"{satisfied:.1%} satisfied, top box {top:.1%}, net {top - bottom:+.1%}"
    assert f"score {score:.1f} points, {shares}" in text
    assert f"each woman for {300 / 2:.0f}, each man for {700 / 3:.1f}" in text
    worth = 6 * (t.ppf(0.975, 47) / t.ppf(0.975, 5)) ** 2
    assert f"worth 6, {0.025 ** (1 / worth):.1%} to 100%" in text
    share, points = np.array([0.30, 0.25, 0.20]), np.array([82, 78, 80])
    assert f"index {share @ points / share.sum():.1f}" in text
    variance = np.array([1.0, 1.2]) ** 2
    half = t.ppf(0.975, variance.sum() ** 2 / (variance**2 / [20, 30]).sum()) * np.sqrt(variance.sum())
    assert f"+3.0, {3 - half:+.1f} to {3 + half:+.1f}".replace("-", "−") in text


def test_examples_of_acceptance(project: Path) -> None:
    """Bounds and sizes by hand, intervals of rates by chi-squared and beta quantiles of scipy."""
    text = " ".join((project / "docs" / "methods.md").read_text(encoding="utf-8").split())
    assert f"the bound is 0.05^(1/40) = {0.05 ** (1 / 40):.1%}" in text
    needed = next(n for n in range(1, 1000) if 0.98**n <= 0.05)
    assert f"98% takes {needed} projects, since 0.98¹⁴⁹ = {0.98**149:.4f}" in text
    assert f"they count as eight, {0.025 ** (1 / 8):.1%} to 100%" in text
    days, ended = [12, 20, 20, 34, 34, 41, 60, 75, 90, 90], [True] * 8 + [False] * 2
    share, lower, upper = fit_waiting_times(days, ended).share_by(60)
    assert f"half within {sorted(days)[4]} days" in text
    assert f"{share:.1%} within 60 days ({100 * lower:.1f} to {100 * upper:.1f})" in text
    low, high = chi2.ppf(0.025, 2 * 96) / 40, chi2.ppf(0.975, 2 * 97) / 40
    assert f"{96 / 20:.2f} per 1,000 ({low:.2f} to {high:.2f})" in text
    shares = np.array([beta.ppf(0.025, 72, 97), beta.ppf(0.975, 73, 96)])
    low, high = 20 / 18 * shares / (1 - shares) - 1
    step = f"72 per 18,000: {4.0 / 4.8 - 1:+.1%} ({low:+.1%} to {high:+.1%})".replace("-", "−")
    assert step in text


def test_example_of_registers(project: Path) -> None:
    """Counted by hand in the text, here by the function that the reports use."""
    text = " ".join((project / "docs" / "methods.md").read_text(encoding="utf-8").split())
    plain = {"register": "good_conduct", "award_stated": "day", "ending": "none_stated", "holder_id": "x"}
    rows = [
        plain | {"thing_id": "a", "awarded_on": "2014-03-01"},
        plain | {"thing_id": "a", "awarded_on": "2015-12-01"},
        plain | {"thing_id": "b", "awarded_on": "2013-12-31", "award_stated": "year", "ending": "dated",
                 "valid_until": "2016-12-31"},
        plain | {"thing_id": "c", "awarded_on": "2013-01-01", "ending": "dated",
                 "withdrawn_on": "2015-12-31"},
        plain | {"thing_id": "d", "awarded_on": None, "award_stated": None},
        plain | {"thing_id": "e", "awarded_on": "2014-01-01", "ending": "undated"},
    ]  # fmt: skip
    registers = pd.DataFrame(rows, columns=list(schemas.REGISTERS))
    registers["entry_id"] = [str(at) for at in range(len(rows))]
    found = count_stock(registers, "good_conduct", date(2015, 12, 31))
    assert f"the stock is {found.value}, at most {found.upper}" in text


def test_examples_of_targets(project: Path) -> None:
    """Negative binomial, beta and normal laws of scipy; the thresholds as the library has them."""
    text = " ".join((project / "docs" / "methods.md").read_text(encoding="utf-8").split())
    law = nbinom(18.5, 36 / 42)
    assert (
        f"shape 18.5 and mean {law.mean():.1f}, which reaches five with a probability of {law.sf(4):.0%}"
        in text
    )
    assert f"118 of 120 projects passed: {118 / 120:.1%}" in text
    assert f"reaches it has a probability of {beta.sf(0.98, 118.5, 2.5):.0%}" in text
    assert f"has reached 80 with a probability of {norm.cdf(1):.0%}" in text
    assert read_status(law.sf(4)) == "at_risk" and read_status(norm.cdf(1)) == "on_course"
    assert (
        f"probability {ON_COURSE} or more" in text
        and f"{OFF_COURSE} to {ON_COURSE} |" in text
        and f"below {OFF_COURSE} |" in text
    )


def test_example_of_trends(project: Path) -> None:
    """The slope of the example as the chapter finds it."""
    passed = np.array([88, 90, 89, 91, 92, 92, 94, 93, 95, 95, 96, 97], float)
    rows = finish_series(pd.DataFrame({
        "series": "x", "group": "", "period": [str(one) for one in Period.parse("2015Q4").preceding(12)],
        "family": "binomial", "passed": passed, "n": 100.0, "counted": 100.0, "value": passed / 100,
        "lower": np.nan, "upper": np.nan, "complete": True,
    }))  # fmt: skip
    found = tabulate_slope(fit_trend(rows, Rules()), Rules())
    beta, *limits = (found[f"slope{end}"] for end in ("", "_lower", "_upper"))
    points = [f"{100 * found[f'change{end}']:+.1f}" for end in ("", "_lower", "_upper")]
    text = (project / "docs" / "methods.md").read_text(encoding="utf-8")
    assert f"β = {beta:.3f} a year ({limits[0]:.3f} to {limits[1]:.3f})" in text
    assert f"{points[0]} points a year ({points[1]} to {points[2]})" in text
