"""Which scores of the national index of manufacturing (制造业质量竞争力指数) were published?

The index itself stands among the published series; what was published of its parts in a table of its own.
"""

from dataclasses import dataclass
from functools import cache

from qstats.codebook import LANGUAGES, Text
from qstats.paths import reference_folder
from qstats.reference_files import read_rows


@dataclass(frozen=True, slots=True)
class PublishedScore:
    """A score of the national index that was published, or follows from published ones by a stated rule.

    Attributes
    ----------
    code : str
        As in ``manufacturing_quality``.
    area : dict
    year : int
    value, change : float or None
        Points of 60–100; change on the year before as published.
    rule : dict
        How a derived value follows; empty texts: published as it stands.
    issuer : str
    """

    code: str
    area: Text
    year: int
    value: float | None
    change: float | None
    rule: Text
    issuer: str


_AREAS: dict[str, Text] = {
    "mqci_national": {"zh": "全国", "en": "China"}, "mqci_shandong": {"zh": "山东省", "en": "Shandong"},
    "mqci_east": {"zh": "东部", "en": "Eastern China"}, "mqci_central": {"zh": "中部", "en": "Central China"},
    "mqci_west": {"zh": "西部", "en": "Western China"},
}  # fmt: skip
"""Published series of the national index and the areas that they are of."""

_DERIVED: Text = {"zh": "由公布值推得", "en": "derived from published values"}
_AS_PUBLISHED: Text = {"zh": "", "en": ""}


@cache
def read_published_scores() -> tuple[PublishedScore, ...]:
    """Published scores of the national index (制造业质量竞争力指数) and of its parts, oldest first."""
    whole = read_rows(
        reference_folder() / "published" / "published_series.csv", ("series", "period", "value")
    )
    parts = read_rows(
        reference_folder() / "indices" / "published_mqci.csv", ("code", "year", "value", "change")
    )
    found = [
        PublishedScore(
            "index", _AREAS[row["series"]], int(row["period"]), float(row["value"]), None,
            _DERIVED if row["status"] == "derived" else _AS_PUBLISHED, row["issuer"],
        )
        for row in whole
        if row["series"] in _AREAS
    ] + [
        PublishedScore(
            row["code"], _AREAS["mqci_national"], int(row["year"]),
            float(row["value"]) if row["value"] else None, float(row["change"]) if row["change"] else None,
            {language: row[f"rule_{language}"] for language in LANGUAGES}, row["issuer"],
        )
        for row in parts
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: one.year))
