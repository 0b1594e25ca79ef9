"""Oracle: ``numpy.unique``."""

import numpy as np
import pytest

from qstats.methods.survey.occurrence import codes_of, occurring


@pytest.mark.parametrize("largest", [1, 5, 400, 10**9])
def test_counting_and_sorting_agree(largest: int) -> None:
    codes = np.random.default_rng(largest).integers(0, largest, 300)
    code, position, count = np.unique(codes, return_inverse=True, return_counts=True)
    found = occurring(codes)
    assert found.code.tolist() == code.tolist()
    assert found.position.tolist() == position.tolist()
    assert found.count.tolist() == count.tolist()


def test_nothing_occurs_in_nothing() -> None:
    found = occurring(np.zeros(0, np.int64))
    assert len(found.code) == len(found.position) == len(found.count) == 0
    assert len(codes_of([])) == 0


@pytest.mark.parametrize(
    "labels",
    [
        np.array([7, -3, 7, 10**12]),
        np.array([200, 3, 200], np.uint8),
        np.array(["b", "a", "b"]),
        np.array([0.5, 0.25, 0.5]),
    ],
)
def test_labels_of_any_kind_are_coded_in_their_order(labels: np.ndarray) -> None:
    assert codes_of(labels).tolist() == np.unique(labels, return_inverse=True)[1].tolist()
