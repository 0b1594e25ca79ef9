"""The ASEM index of the peer COINr 1.1.14, stage by stage (oracle 06_composite_COINr)."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qstats.methods.composite_index import (
    IndexTree,
    build_tree,
    divide_by_denominators,
    impute,
    treat_outliers,
)


@pytest.fixture(scope="session")
def coinr(shared_data: Path) -> Callable[[str], pd.DataFrame]:
    """Reader of the peer's tables by name."""
    folder = shared_data / "oracles" / "06_composite_COINr"
    if not folder.is_dir():
        pytest.skip(f"no reference answers: {folder} is absent")
    return lambda name: pd.read_csv(folder / f"{name}.csv")


@pytest.fixture(scope="session")
def meta(coinr: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    return coinr("input_ASEM_iMeta").set_index("iCode")


@pytest.fixture(scope="session")
def asem_tree(meta: pd.DataFrame) -> IndexTree:
    rows = meta[meta["Type"].isin(["Indicator", "Aggregate"])]
    parents = [None if pd.isna(parent) else parent for parent in rows["Parent"]]
    directions = rows.loc[rows["Type"] == "Indicator", "Direction"].to_numpy()
    return build_tree(list(rows.index), parents, rows["Weight"].to_numpy(), directions)


@pytest.fixture(scope="session")
def stage(coinr: Callable[[str], pd.DataFrame], asem_tree: IndexTree) -> Callable[[str], np.ndarray]:
    """Reader of a stage of the example as an array (51 countries, 49 indicators)."""
    indicators = list(asem_tree.indicators)
    return lambda name: (
        coinr(f"expected_example_coin_{name}").sort_values("uCode")[indicators].to_numpy(dtype=float)
    )


@pytest.fixture(scope="session")
def countries(coinr: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """The peer's input at full precision; its stages are printed with ten digits."""
    return coinr("input_ASEM_iData").sort_values("uCode")


@pytest.fixture(scope="session")
def denominated(countries: pd.DataFrame, meta: pd.DataFrame, asem_tree: IndexTree) -> np.ndarray:
    names = meta.loc[list(asem_tree.indicators), "Denominator"]
    ones = np.ones(len(countries))
    below = np.column_stack([ones if pd.isna(name) else countries[name] for name in names])
    return divide_by_denominators(countries[list(asem_tree.indicators)], below)


@pytest.fixture(scope="session")
def imputed(countries: pd.DataFrame, denominated: np.ndarray) -> np.ndarray:
    return impute(denominated, "group_mean", groups=countries["EurAsia_group"].tolist())


@pytest.fixture(scope="session")
def treated(imputed: np.ndarray, asem_tree: IndexTree) -> np.ndarray:
    return treat_outliers(imputed * asem_tree.directions).values * asem_tree.directions
