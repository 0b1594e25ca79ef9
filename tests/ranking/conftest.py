import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def rates() -> pd.DataFrame:
    """Five counties with a rate, one with too few batches, one refused, batches that name no county."""
    n = np.array([120, 110, 90, 20, 100, 12, 50, 3])
    passes = np.array([119, 108, 88, 20, 78, 12, 45, 1])
    status = ["stated"] * 5 + ["cannot_be_stated", "refused", "cannot_be_stated"]
    stated = np.array(status) == "stated"
    frame = pd.DataFrame(
        {
            "county_code": ["c1", "c2", "c3", "c4", "c5", "few", "barred", ""],
            "n": n, "passes": passes, "failures": n - passes, "effective_n": n * 0.8,
            "awaited": 0, "unlisted": 0, "deff": 1.25,
            "estimate": np.where(stated, passes / n, np.nan), "status": status,
        }
    )  # fmt: skip
    return frame.sample(frac=1, random_state=2, ignore_index=True)


@pytest.fixture
def others(rates) -> pd.DataFrame:
    """All other counties together, by county; refused ones and batches that name none left out."""
    counted = rates[~rates["county_code"].isin(["barred", ""])].set_index("county_code")
    rest = counted[["n", "passes"]].sum() - counted[["n", "passes"]]
    return rest.assign(
        estimate=rest["passes"] / rest["n"],
        effective_n=rest["n"] * 0.8,
        status="stated",
        awaited=0,
        unlisted=0,
        deff=1.25,
    ).reset_index()
