"""A small index of three indicators, measured in a city and four counties over two years."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from qstats.competitiveness import MEASURED, Inputs
from qstats.index_registry import IndexDefinition, parse_index

ROWS = """code,parent,label_zh,label_en,direction,weight,lower,upper,unit,note_zh,note_en
rate,product,合格率,Rate,+,2,0.8,1,proportion,,
complaints,product,投诉,Complaints,-,1,0,10,per_1000,,
score,service,得分,Score,+,1,60,100,points,,
product,index,产品,Products,+,1,,,points,,
service,index,服务,Services,+,1,,,points,,
index,,指数,Index,+,1,60,100,points,,"""
UNITS = ("A", "B", "C", "D")


@pytest.fixture(scope="session")
def definition() -> IndexDefinition:
    head, *rows = (line.split(",") for line in ROWS.splitlines())
    return parse_index("small", [dict(zip(head, row, strict=True)) for row in rows], "small.csv")


@pytest.fixture(scope="session")
def measure(definition: IndexDefinition) -> Callable[..., Inputs]:
    """Inputs of values: (period, unit) → rate of 100 batches, complaints, score."""

    def make(values: dict[tuple[str, str], tuple[float, float, float]]) -> Inputs:
        laws = {
            "rate": {"law": "proportion", "size": 100.0},
            "complaints": {"law": "events", "size": 5.0, "dispersion": 1.0},
            "score": {"law": "mean", "size": 40.0, "std_error": 1.5},
        }
        rows = [
            {"period": period, "unit": unit, "indicator": code, "estimate": value, "status": "stated",
             "n": round(value * 5) if code == "complaints" and value == value else 100,
             "basis": "sample", "method": "korn_graubard", "sources": "s1,s2", **laws[code]}
            for (period, unit), cells in values.items()
            for code, value in zip(("rate", "complaints", "score"), cells, strict=True)
        ]  # fmt: skip
        return Inputs(definition, pd.DataFrame(rows).reindex(columns=list(MEASURED)))

    return make


@pytest.fixture(scope="session")
def inputs(measure: Callable[..., Inputs]) -> Inputs:
    return measure(
        {
            ("2015", ""): (0.96, 2.0, 80.0), ("2015", "A"): (1.0, 1.0, 92.0),
            ("2015", "B"): (0.95, 2.0, 80.0), ("2015", "C"): (0.82, 6.0, 66.0),
            ("2015", "D"): (0.95, np.nan, np.nan),
            ("2014", ""): (0.94, 3.0, 78.0), ("2014", "A"): (0.9, 1.0, 70.0),
            ("2014", "B"): (0.95, 2.0, np.nan), ("2014", "C"): (0.82, 6.0, 66.0),
        }
    )  # fmt: skip
