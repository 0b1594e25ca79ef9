"""Indices as declared. Oracle: the published structure 2-6-12 and the published scores of 2006 and 2007."""

import csv
from pathlib import Path

import numpy as np
import pytest

from qstats.competitiveness import tree_of
from qstats.errors import QstatsError
from qstats.index_registry import UNITS, band_of, parse_index, read_bands, read_index
from qstats.methods.composite_index import aggregate
from qstats.published_scores import read_published_scores

INDICES = ("city_quality", "manufacturing_quality")
HEAD = "code,parent,label_zh,label_en,direction,weight,lower,upper,unit,note_zh,note_en".split(",")


@pytest.mark.parametrize("name", INDICES)
def test_every_index_is_a_tree_with_bounds_and_labels(name: str) -> None:
    index = read_index(name)
    tree = tree_of(index)
    assert tree.codes[-1] == index.top.code and index.scale == (60.0, 100.0)
    assert tree.indicators == tuple(row.code for row in index.indicators)
    assert all(row.label["zh"] and row.label["en"] for row in index.rows)
    assert tree.effective_weights().sum() == pytest.approx(1)


@pytest.mark.oracle
def test_manufacturing_has_the_published_structure(shared_data: Path) -> None:
    path = shared_data / "domain" / "mqci_indicators.csv"
    if not path.exists():
        pytest.skip(f"{path} is absent")
    index = read_index("manufacturing_quality")
    with path.open(encoding="utf-8", newline="") as lines:
        published = [
            (row["indicator"], row["level3"], row["level2"], row["direction"])
            for row in csv.DictReader(lines)
        ]
    ours = []
    for row in index.indicators:
        third = index.row(str(row.parent))
        second = index.row(str(third.parent))
        ours.append(
            (row.label["zh"], third.label["zh"], second.label["zh"], "+" if row.direction > 0 else "-")
        )
    assert sorted(ours) == sorted(published)


def test_second_level_weights_give_the_published_index_of_2006_and_2007() -> None:
    index = read_index("manufacturing_quality")
    weights = [row.weight for row in index.pillars]
    published = {
        (one.code, one.year): one.value for one in read_published_scores() if one.area["en"] == "China"
    }
    for year in (2006, 2007):
        parts = [[published[row.code, year] for row in index.pillars]]
        ours = float(aggregate(parts, weights, "arithmetic")[0])
        assert abs(ours - float(published["index", year] or np.nan)) <= 0.005 + 1e-12


def test_equal_lower_weights_are_consistent_with_the_published_changes_of_2007() -> None:
    """What the four named changes of 质量水平 leave to the other two is less than the smallest one named."""
    index = read_index("manufacturing_quality")
    changes = {(one.code, one.year): one.change for one in read_published_scores() if one.change is not None}
    tree = tree_of(index).below("level")
    shares = dict(zip(tree.indicators, tree.effective_weights(), strict=True))
    named = {code: changes[code, 2007] for code in tree.indicators if (code, 2007) in changes}
    assert len(named) == 4
    rest = changes["level", 2007] - sum(shares[code] * float(change or 0) for code, change in named.items())
    others = [code for code in tree.indicators if code not in named]
    mean_of_others = rest / sum(shares[code] for code in others)
    assert 0 < mean_of_others < min(float(change or 0) for change in named.values())


def test_a_local_index_is_never_labelled_as_the_published_one() -> None:
    for name in INDICES:
        label = read_index(name).top.label
        assert label["zh"] != "制造业质量竞争力指数" and "MQCI" not in label["en"]
    assert "非国家发布值" in read_index("manufacturing_quality").top.label["zh"]
    assert "not the published national one" in read_index("manufacturing_quality").top.label["en"]


@pytest.mark.parametrize(
    ("scheme", "score", "label"),
    [
        ("five_bands_2011", 60, "没有竞争力"),
        ("five_bands_2011", 79.999, "竞争力不足"),
        ("five_bands_2011", 80, "初步竞争力"),
        ("five_bands_2011", 100, "较强竞争力"),
        ("four_bands_2008", 80, "较强"),
        ("four_bands_2008", 95, "极强"),
    ],
)
def test_bands_include_their_lower_end(scheme: str, score: float, label: str) -> None:
    assert band_of(score, scheme).label["zh"] == label


def test_bands_cover_the_scale_without_gaps() -> None:
    for scheme in ("five_bands_2011", "four_bands_2008"):
        bands = read_bands(scheme)
        assert (bands[0].lower, bands[-1].upper) == (60, 100)
        assert len({one.scheme_label["zh"] for one in bands}) == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: read_index("colour"), "city_quality, manufacturing_quality"),
        (lambda: read_index("bands"), "there is no index 'bands'"),
        (lambda: read_bands("colour"), "five_bands_2011"),
        (lambda: band_of(59, "five_bands_2011"), "outside 60 to 100"),
        (lambda: read_index("city_quality").row("colour"), "has no 'colour'"),
    ],
)
def test_unknown_names_list_the_known_ones(call, message: str) -> None:
    with pytest.raises(QstatsError, match=message):
        call()


GOOD = [
    ["a", "index", "甲", "A", "+", "1", "0", "1", "proportion", "", ""],
    ["index", "", "指数", "Index", "+", "1", "60", "100", "points", "", ""],
]


def changed(row: int, column: str, cell: str) -> list[dict[str, str]]:
    rows = [dict(zip(HEAD, one, strict=True)) for one in GOOD]
    rows[row][column] = cell
    return rows


@pytest.mark.parametrize(
    ("unit", "largest", "beyond"),
    [("proportion", 1, 1.01), ("points", 100, 101), *((unit, 1e6, None) for unit in UNITS[2:])],
)
def test_bounds_lie_where_values_of_their_unit_can_lie(
    unit: str, largest: float, beyond: float | None
) -> None:
    rows = changed(0, "unit", unit)
    assert (
        parse_index("x", [rows[0] | {"upper": str(largest)}, rows[1]], "x.csv").indicators[0].upper == largest
    )
    for wrong in [{"lower": "-1"}, *([{"upper": str(beyond)}] if beyond else [])]:
        with pytest.raises(QstatsError, match=f"row 2: .* is no value in the unit {unit}"):
            parse_index("x", [rows[0] | wrong, rows[1]], "x.csv")


def test_an_index_without_indicators_is_none() -> None:
    with pytest.raises(QstatsError, match="there is no indicator below 'index'"):
        parse_index("x", changed(0, "code", "a")[1:], "x.csv")


def test_the_scale_of_an_index_is_free() -> None:
    assert parse_index("x", changed(1, "upper", "1000"), "x.csv").scale == (60, 1000)


def test_a_good_table_is_an_index() -> None:
    assert parse_index("x", changed(0, "weight", "2"), "x.csv").indicators[0].weight == 2


@pytest.mark.parametrize(
    ("row", "column", "cell", "message"),
    [
        (0, "direction", "up", "row 2: direction 'up' is none; write"),
        (0, "weight", "-1", "row 2: weight -1 is negative"),
        (0, "weight", "0", "all weights below 'index' are 0; give one of them a weight"),
        (0, "weight", "much", "'much' is no number"),
        (0, "weight", "inf", "no finite number"),
        (0, "lower", "1", "lower 1 is not below upper 1"),
        (0, "lower", "", "'a' needs lower and upper"),
        (0, "upper", "98", "row 2: 98 is no value in the unit proportion; shares are written 0 to 1"),
        (0, "lower", "-1", "row 2: -1 is no value in the unit proportion"),
        (0, "unit", "furlong", "unit 'furlong' is none of proportion"),
        (0, "label_en", "", "label_en is empty"),
        (0, "parent", "b", "parent 'b' is no code"),
        (0, "parent", "a", "one row has no parent|stands below itself"),
        (1, "code", "a", "'a' stands twice"),
        (1, "parent", "a", "here 0 have none"),
    ],
)
def test_what_is_no_index_is_refused_with_its_place(row: int, column: str, cell: str, message: str) -> None:
    with pytest.raises(QstatsError, match=message):
        parse_index("x", changed(row, column, cell), "x.csv")
