"""The whole way on the tiny city: what the contract promises is there, and two runs give the same bytes."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

pytestmark = pytest.mark.slow

RUN = "demo-2015Q4"
CHAPTERS = (
    *("10_cleaning", "20_inspection", "25_counties", "30_satisfaction", "35_acceptance", "40_trend"),
    "45_targets",
    "50_competitiveness",
    "60_county_assessment",
    "65_credit",
)
COUNTIES = (
    *("371502", "371521", "371522", "371523", "371524", "371525", "371526", "371581"),
    *("3715E1", "3715H1", "3715T1"),
)
UNIT_CHAPTERS = ("26_county", "61_county_feedback")
UNIT_PAGES = tuple(f"units/{code}/{name}" for name in UNIT_CHAPTERS for code in COUNTIES)
LANGUAGES = ("zh", "en")
STATUSES = {"stated", "refused", "cannot_be_stated", "suppressed", "no_data"}
FIELDS = {
    "key", "label", "status", "basis", "reason", "estimate", "lower", "upper", "confidence", "n", "unit",
    "change", "method", "table", "sources", "release",
}  # fmt: skip
HERE = {"TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}
THERE = {"TZ": "America/St_Johns", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
NOT_THE_SAME = ("manifest.json", "notebooks")  # time taken; the reviewer's copy
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def run_at(home: Path, settings: dict[str, str], folder: Path) -> str:
    """Make and report the tiny city in ``home``, started in another folder; what it said."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
    environment |= settings | {"QSTATS_HOME": str(home)}
    said = ""
    for arguments in (["demo", "--size", "tiny"], ["run", str(home / "params" / f"{RUN}.yaml")]):
        done = subprocess.run(
            [sys.executable, "-m", "qstats", *arguments],
            env=environment, cwd=folder, capture_output=True, encoding="utf-8",
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stderr == ""
        said += done.stdout
    return said


@pytest.fixture(scope="module")
def homes(make_home: Callable[[], Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """Two homes with a report each, made under other settings, and what the first run said."""
    here, there = make_home(), make_home()
    (there / "reports" / f"{RUN}-failed").mkdir()
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    with ThreadPoolExecutor() as both:  # each is a process of its own
        first = both.submit(run_at, here, HERE, here)
        second = both.submit(run_at, there, THERE, elsewhere)
    second.result()
    return here, there, first.result()


@pytest.fixture(scope="module")
def report(homes: tuple[Path, Path, str]) -> Path:
    return homes[0] / "reports" / RUN


@pytest.fixture(scope="module")
def findings(report: Path) -> list[dict[str, Any]]:
    return json.loads((report / "findings.json").read_text(encoding="utf-8"))


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_progress_is_told(homes: tuple[Path, Path, str]) -> None:
    pages = ", ".join(UNIT_CHAPTERS)
    for step in (
        "cleaning file 1 of",
        f"running {len(CHAPTERS)} chapters: {', '.join(CHAPTERS)}; for each county: {pages}",
        "chapter 20_inspection: done",
        "setting 66 PDF files",
    ):
        assert step in homes[2]
    assert "done: reports/demo-2015Q4/zh/index.html, reports/demo-2015Q4/en/index.html" in homes[2]


def test_report_folder_is_that_of_the_contract(report: Path) -> None:
    there = files(report)
    pages = {f"{name}.html" for name in ("index", *CHAPTERS)} | {
        f"{name}.pdf" for name in ("report", *CHAPTERS)
    }
    for language in LANGUAGES:
        assert {path.name for path in (report / language).iterdir()} == {*pages, "units"}
        units = {f"{name}.{kind}" for name in UNIT_PAGES for kind in ("html", "pdf")}
        assert set(files(report / language)) == pages | units
        assert {f"notebooks/{language}/{name}.html" for name in (*CHAPTERS, *UNIT_PAGES)} <= set(there)
    notebooks = {f"notebooks/{name}.ipynb" for name in (*CHAPTERS, *UNIT_PAGES)}
    assert {"findings.json", "manifest.json", *notebooks} <= set(there)
    tables = [name.removesuffix(".csv") for name in there if name.endswith(".csv")]
    assert {"tables/rates_by_period", "tables/units/371502/rates_by_year"} <= set(tables)
    assert {f"{name}.xlsx" for name in tables} <= set(there)


def test_every_link_leads_to_a_file_and_a_place_in_it(report: Path) -> None:
    pages = {path.resolve(): path.read_text(encoding="utf-8") for path in report.rglob("*.html")}
    places = {path: {"main", *re.findall(r' id="([^"]+)"', html)} for path, html in pages.items()}
    for page, html in pages.items():
        for address in re.findall(r'<a [^>]*href="([^"]+)"', html):
            path, _, anchor = unescape(address).partition("#")
            target = (page.parent / path).resolve() if path else page
            assert target.is_file(), f"{page}: {address}"
            assert not anchor or anchor in places[target], f"{page}: {address}"


def test_good_run_removes_the_pages_of_a_failed_one(homes: tuple[Path, Path, str]) -> None:
    for home in homes[:2]:
        assert [path.name for path in (home / "reports").iterdir()] == [RUN]


def test_findings_keep_the_contract(findings: list[dict[str, Any]]) -> None:
    assert "inspection.pass_rate.city" in [finding["key"] for finding in findings]
    assert len({finding["key"] for finding in findings}) == len(findings)
    for finding in findings:
        assert set(finding) >= FIELDS
        assert finding["status"] in STATUSES
        assert finding["basis"] in {"census", "sample", "model"}
        assert finding["release"] in {"provisional", "final"}
        assert all(finding["label"][language].strip() for language in LANGUAGES)
        check_estimate(finding)
        for change in finding["changes"]:
            check_estimate(change)
            assert change["against"]
        assert finding["change"] == (finding["changes"][0] if finding["changes"] else None)


def check_estimate(one: dict[str, Any]) -> None:
    """Stated with an estimate inside its interval, or not stated with a reason in both languages."""
    if one["status"] == "stated":
        assert one["estimate"] is not None
        assert one["lower"] is None or one["lower"] <= one["estimate"] <= one["upper"]
    else:
        assert one["estimate"] is None
        assert all(one["reason"][language].strip() for language in LANGUAGES)


def test_findings_name_tables_and_sources_that_are_there(
    report: Path, findings: list[dict[str, Any]]
) -> None:
    sources = set(
        pd.read_csv(report / "tables" / "sources.csv", encoding="utf-8-sig", dtype=str)["source_id"]
    )
    for finding in findings:
        assert set(finding["sources"]) <= sources
        if finding["table"]:
            assert (report / finding["table"].split("#")[0]).is_file(), finding["table"]


def test_numbers_of_the_main_points_stand_in_findings_or_tables(
    report: Path, findings: list[dict[str, Any]]
) -> None:
    """Prose cannot state what the data do not hold."""
    known = {shown for number in all_numbers(report, findings) for shown in shown_forms(number)}
    for sentence in main_points(report, "en"):
        numbers = [text.replace(",", "") for text in NUMBER.findall(without_names(sentence))]
        assert [number for number in numbers if number not in known] == [], sentence


def main_points(report: Path, language: str) -> list[str]:
    page = (report / language / "index.html").read_text(encoding="utf-8")
    block = re.search(r'<section class="conclusions">(.*?)</section>', page, re.DOTALL)
    assert block
    points = re.findall(r"<li[^>]*>(.*?)</li>", block[1], re.DOTALL)
    assert 1 <= len(points) <= 6
    return [unescape(re.sub(r"<[^>]+>", "", point)) for point in points]


def without_names(sentence: str) -> str:
    """The sentence without periods and the confidence level, which are names of what is counted."""
    return re.sub(r"\b(19|20)\d\d\b|\b95\s?%", "", sentence)


def all_numbers(report: Path, findings: list[dict[str, Any]]) -> Iterator[float]:
    """Numbers of findings and of the tables beside the report."""
    for finding in findings:
        for one in (finding, *finding["changes"]):
            yield from (one[field] for field in ("estimate", "lower", "upper", "n") if one[field] is not None)
    for path in (report / "tables").glob("*.csv"):
        table = pd.read_csv(path, encoding="utf-8-sig", low_memory=False)
        for name in table.select_dtypes("number"):
            yield from table[name].dropna()
        yield len(table)
        if {"passes", "n", "awaited"} <= set(
            table
        ):  # what the rate becomes if all that is awaited fails or passes
            sampled = table["n"] + table["awaited"]
            yield from table["passes"] / sampled
            yield from (table["passes"] + table["awaited"]) / sampled


def shown_forms(number: float) -> set[str]:
    """How a page may print a number: a count, in percent or in points, without its sign."""
    size = abs(number)
    return {f"{size:.0f}", f"{size:.1f}", f"{100 * size:.1f}", f"{100 * size:.0f}", f"{100 * (1 - size):.1f}"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_pdf_holds_the_headline_as_text(report: Path, language: str) -> None:
    pdf = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", report / language / "report.pdf", "-"], capture_output=True, check=True
    )
    text = re.sub(r"\s", "", pdf.stdout.decode())
    for point in main_points(report, language)[:2]:
        assert re.sub(r"\s", "", point) in text
    assert {"zh": "演示数据", "en": "syntheticdata"}[language].lower() in text.lower()


def test_every_page_is_marked_as_demonstration(report: Path) -> None:
    for language, mark in (("zh", "演示数据"), ("en", "ynthetic data")):
        for page in (report / language).rglob("*.html"):
            assert mark in page.read_text(encoding="utf-8"), page.name


def test_every_table_is_described(report: Path, project: Path) -> None:
    text = (project / "docs" / "tables.md").read_text(encoding="utf-8").split("### `tables/*.csv`")[1]
    described = set(re.findall(r"`([a-z_0-9]+)`", text))
    assert {path.stem for path in (report / "tables").rglob("*.csv")} - described == set()


def test_no_file_of_the_report_names_an_enterprise(homes: tuple[Path, Path, str], report: Path) -> None:
    """Names and codes of the register and of every record; a code by its first eight characters."""
    clean = homes[0] / "data" / "processed" / RUN
    register = pl.read_parquet(clean / "enterprises.parquet")
    records = pl.read_parquet(clean / "enterprise_records.parquet")
    names = {*register["enterprise_name"], *records["enterprise_name"], *register["credit_code"]} - {None}
    codes = {code[:8] for code in register["organisation_code"].drop_nulls()}
    assert len(names) > 400 and len(codes) > 200

    def told(text: str) -> list[str]:
        numbers = {one[:8] for one in re.findall(r"(?<![\d.])\d{8}-?[\dX](?!\d)", text)}
        return [*(name for name in names if name in text), *(numbers & codes)]

    for path in report.rglob("*"):
        if path.suffix in (".html", ".csv", ".json", ".ipynb"):
            assert told(path.read_text(encoding="utf-8")) == [], path.relative_to(report)
    assert told((clean / "restricted" / "issues.csv").read_text(encoding="utf-8-sig"))


def test_manifest_tells_from_what_the_report_was_made(report: Path) -> None:
    manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    hashed = manifest["hashed"]
    assert set(hashed["outputs"]) == {
        name for name in files(report) if not name.startswith(("notebooks/", "manifest"))
    }
    assert hashed["reports"] == {page: {"status": "done"} for page in (*CHAPTERS, *UNIT_PAGES)}
    assert hashed["rows"]["inspections"] > 500
    assert len(hashed["ingredients"]["inputs"]) > 30
    assert set(manifest["seconds"]) == {"clean", "execute", "pages", "pdf"}


def test_two_runs_under_other_settings_give_the_same_bytes(homes: tuple[Path, Path, str]) -> None:
    first, second = (home / "reports" / RUN for home in homes[:2])
    assert files(first) == files(second)
    compared = [name for name in files(first) if not name.startswith(NOT_THE_SAME)]
    different = [difference(first / name, second / name) for name in compared]
    assert [found for found in different if found] == []
    assert {Path(name).suffix for name in compared} == {".html", ".pdf", ".csv", ".xlsx", ".json"}


def test_hashed_part_of_the_manifest_is_the_same(homes: tuple[Path, Path, str]) -> None:
    manifests = [json.loads((home / "reports" / RUN / "manifest.json").read_bytes()) for home in homes[:2]]
    assert manifests[0]["sha256"] == manifests[1]["sha256"]


def difference(first: Path, second: Path) -> str:
    """Where two files differ first, with what stands there; empty if they are the same."""
    one, other = first.read_bytes(), second.read_bytes()
    if one == other:
        return ""
    ends = min(len(one), len(other))
    place = next((place for place in range(ends) if one[place] != other[place]), ends)
    around = slice(max(0, place - 40), place + 40)
    return f"{first.name} at byte {place}: {one[around]!r} and {other[around]!r}"
