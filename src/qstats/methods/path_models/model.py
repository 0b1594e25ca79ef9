"""Which items measure which latent variable, and which latent variables explain which?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Mode = Literal["A", "B"]
Scheme = Literal["centroid", "factorial", "path"]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PathModel:
    """A path model of J latent variables and p items.

    Attributes
    ----------
    latents : tuple of str
    block : ndarray of bool, shape (p, J)
        Which item belongs to which latent variable.
    paths : ndarray of bool, shape (J, J)
        ``paths[k, j]``: latent variable k is explained by j. Without circles.
    modes : tuple of {"A", "B"}
        ``A``: items reflect the latent variable (correlation weights); ``B``: they form it (regression
        weights).
    scheme : {"centroid", "factorial", "path"}
    scaled : bool
        Items are brought to unit variance, each by itself.
    """

    latents: tuple[str, ...]
    block: Mask
    paths: Mask
    modes: tuple[Mode, ...]
    scheme: Scheme
    scaled: bool

    @property
    def order(self) -> list[int]:
        """Latent variables so that each comes after those that explain it."""
        settled: list[int] = []
        while len(settled) < len(self.latents):
            settled += [
                one
                for one in range(len(self.latents))
                if one not in settled and set(np.flatnonzero(self.paths[one])) <= set(settled)
            ]
        return settled


def make_model(
    blocks: Mapping[str, Sequence[int]],
    explained_by: Mapping[str, Sequence[str]],
    *,
    modes: Mapping[str, Mode] | None = None,
    scheme: Scheme = "path",
    scaled: bool = True,
) -> PathModel:
    """Path model from the items (column numbers) of each latent variable and from what explains it.

    Raises
    ------
    ValueError
        No item or an item of two blocks, columns that are not 0 … p − 1, an unknown latent variable, one
        that is tied to no other, or a circle.
    """
    latents = tuple(blocks)
    columns = [column for items in blocks.values() for column in items]
    if sorted(columns) != list(range(len(columns))) or not all(blocks.values()):
        raise ValueError(
            "each column from 0 on must belong to exactly one latent variable, each with an item"
        )
    block = np.zeros((len(columns), len(latents)), bool)
    for at, items in enumerate(blocks.values()):
        block[list(items), at] = True
    paths = np.zeros((len(latents), len(latents)), bool)
    for target, sources in explained_by.items():
        for source in sources:
            if target not in latents or source not in latents:
                raise ValueError(f"path {source} → {target}: known latent variables are {', '.join(latents)}")
            paths[latents.index(target), latents.index(source)] = True
    _check_paths(latents, paths)
    chosen: tuple[Mode, ...] = tuple((modes or {}).get(name, "A") for name in latents)
    return PathModel(latents, block, paths, chosen, scheme, scaled)


def _check_paths(latents: tuple[str, ...], paths: Mask) -> None:
    reach = paths.astype(int)
    if np.trace(
        np.linalg.matrix_power(np.eye(len(latents), dtype=int) + reach, len(latents)) - np.eye(len(latents))
    ):
        raise ValueError("the latent variables explain each other in a circle")
    alone = np.flatnonzero(~(paths | paths.T).any(axis=0))
    if alone.size:
        raise ValueError(
            f"{latents[alone[0]]} is tied to no other latent variable: its weights cannot be found"
        )
