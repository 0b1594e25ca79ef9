"""By which laws do the registers of the synthetic city grow? Rates of award, terms, renewals, withdrawals.

Things are registered for the first time as a Poisson process of a known yearly rate from a first year on. An
entry is valid for its term and then renewed with a known probability; a small share is withdrawn each year.
The stock of a day is then Poisson with the mean ``rate · ∫ S(a) da`` over the ages ``a`` up to that day,
where ``S`` is the probability that a thing is still registered at that age. The rates are such that the
targets of the policy are met in part, missed in part, and in part close to their line at the end of 2015.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import exp
from typing import Literal

Kind = Literal["mark", "product", "holder", "work", "standard", "person", "officer", "report", "farm", "base"]

DAYS_A_YEAR = 365.25


@dataclass(frozen=True, kw_only=True)
class Law:
    """How one register grows.

    Parameters
    ----------
    code : str
        Register.
    kind : str
        What is registered, which says how it is called and who holds it.
    since : int
        First year with awards.
    rate : float
        Things registered for the first time, a year.
    term : int or None
        Years of validity; None: no end.
    renewal : float
        Probability that a thing whose term is over is registered again.
    withdrawn : float
        Hazard of withdrawal, a year.
    grades : mapping
        Share of each grade.
    department : str
    least : float
        Share of the rate that a tiny city has.
    """

    code: str
    kind: Kind
    since: int
    rate: float
    term: int | None = None
    renewal: float = 0.0
    withdrawn: float = 0.0
    grades: Mapping[str, float] = field(default_factory=dict)
    department: str = "市质监局"
    least: float = 0.3

    def share(self, size: str) -> float:
        """Share of the rate that a city of a size has: a tiny one has few entries."""
        return self.least if size == "tiny" else 1.0

    def expected_stock(self, on: date, share: float = 1.0) -> float:
        """Mean number of things registered on a day; ``share`` is that of the rate."""
        age = (on - date(self.since, 1, 1)).days / DAYS_A_YEAR
        return share * self.rate * self._integral(age)

    def _integral(self, age: float) -> float:
        """Years that a thing of some age or less is registered: the integral of its survival."""
        total, start, kept = 0.0, 0.0, 1.0
        while start < age:
            stop = age if self.term is None else min(age, start + self.term)
            total += kept * _exponential(self.withdrawn, start, stop)
            start, kept = stop, kept * self.renewal
        return total


def _exponential(hazard: float, start: float, stop: float) -> float:
    return (exp(-hazard * start) - exp(-hazard * stop)) / hazard if hazard else stop - start


LAWS = (
    Law(code="national_trademark", kind="mark", since=2004, rate=2.0, department="国家工商总局"),
    Law(
        code="provincial_trademark", kind="mark", since=2004, rate=12.4, term=3, renewal=0.85,
        withdrawn=0.005, department="省工商局",
    ),
    Law(
        code="provincial_brand_product", kind="product", since=2005, rate=24, term=3, renewal=0.8,
        withdrawn=0.01,
    ),
    Law(code="service_brand", kind="holder", since=2008, rate=2.4, term=3, renewal=0.85),
    Law(code="governor_quality_award", kind="holder", since=2009, rate=0.4),
    Law(code="municipal_quality_award", kind="holder", since=2010, rate=3),
    Law(
        code="pollution_free_livestock", kind="farm", since=2006, rate=24, term=3, renewal=0.75,
        withdrawn=0.01, department="市畜牧局", least=0.2,
    ),
    Law(
        code="three_products", kind="farm", since=2007, rate=62, term=3, renewal=0.78, withdrawn=0.01,
        grades={"pollution_free": 0.62, "green": 0.3, "organic": 0.08}, department="市农业局", least=0.1,
    ),
    Law(code="taishan_cup", kind="work", since=2008, rate=3.2, department="市住建局"),
    Law(code="structure_cup", kind="work", since=2008, rate=12, department="市住建局"),
    Law(code="production_base", kind="base", since=2009, rate=0.7, term=4, renewal=0.8),
    Law(code="adopted_standard", kind="product", since=2009, rate=33, term=4, renewal=0.6),
    Law(
        code="drafted_standard", kind="standard", since=2005, rate=11.5, withdrawn=0.01,
        grades={"international": 0.02, "national": 0.5, "industry": 0.4, "provincial": 0.08},
    ),
    Law(
        code="good_conduct", kind="holder", since=2007, rate=14, term=3, renewal=0.8,
        grades={"AAAA": 0.22, "AAA": 0.52, "AA": 0.2, "A": 0.06},
    ),
    Law(code="alliance_standard", kind="standard", since=2011, rate=2.7),
    Law(
        code="standard_base", kind="base", since=2006, rate=10.5, term=3, renewal=0.8, department="市农业局",
    ),
    Law(
        code="service_pilot", kind="holder", since=2009, rate=6,
        grades={"national": 0.1, "provincial": 0.65, "municipal": 0.25},
    ),
    Law(code="benchmark", kind="holder", since=2010, rate=10, term=3, renewal=0.7, department="市经信委"),
    Law(
        code="chief_quality_officer", kind="officer", since=2012, rate=95, term=3, renewal=0.9,
        withdrawn=0.02, least=0.15,
    ),
    Law(
        code="quality_expert", kind="person", since=2012, rate=262, term=3, renewal=0.92, withdrawn=0.005,
        grades={"national": 0.006, "well_known": 0.105, "professional": 0.889}, least=0.1,
    ),
    Law(
        code="quality_report", kind="report", since=2012, rate=48, term=1, renewal=0.9,
        department="市经信委",
    ),
    Law(code="campaign_enterprise", kind="holder", since=2014, rate=79, department="市质监局"),
)  # fmt: skip
"""Registers of the city. Of brand zones, incubators of excellence and the training of managers there is none:
their targets show that nothing was received. Famous trade marks are valid for three years, brand products are
assessed again after theirs (Jinan Daily, 2006-11-22,
http://news.sina.com.cn/c/2006-11-22/042810562704s.shtml); rates and renewals are of the demonstration."""

AREA_OF_BASE = (4.2, 0.45)
"""Median of the log-normal area of a base in 10,000 mu, and the standard deviation of its logarithm."""
