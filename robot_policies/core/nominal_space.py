# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What vectors of one kind were like: their distribution, and some of them as neighbours.

Mahalanobis distance after K. Lee et al., A Simple Unified Framework for Detecting
Out-of-Distribution Samples and Adversarial Attacks, 2018; nearest neighbour after Y. Sun et al.,
Out-of-Distribution Detection with Deep Nearest Neighbors, 2022; both in whitened coordinates.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray
from robot_policies.core.errors import CheckpointError

METHODS = ('mahalanobis', 'nearest')
TENSORS = ('mean', 'whitening', 'bank')
_FLOOR = 1e-3
"""Share of the mean variance below which a direction counts as noise of the sensor."""


class NominalSpace:
    """Scores vectors against the data that it was fitted to."""

    def __init__(self, tensors: Mapping[str, npt.NDArray[Any]], prefix: str = '') -> None:
        """Take up what `fit_space` made.

        Args:
            tensors: `mean` (d,), `whitening` (d, k), `bank` (m, k).
            prefix: What stands before these names.

        Raises:
            CheckpointError: A tensor is missing or does not fit.
        """
        missing = [prefix + name for name in TENSORS if prefix + name not in tensors]
        if missing:
            raise CheckpointError(f'novelty: {", ".join(missing)} is missing')
        self._mean, self._whitening, self._bank = (
            np.asarray(tensors[prefix + name], dtype=np.float64) for name in TENSORS
        )
        size, kept = self._whitening.shape
        if self._mean.shape != (size,) or self._bank.shape[1:] != (kept,):
            names = ', '.join(prefix + name for name in TENSORS)
            raise CheckpointError(f'novelty: the shapes of {names} do not agree')
        self._bank_square = np.einsum('ij,ij->i', self._bank, self._bank)

    @property
    def size(self) -> int:
        """Length of the vectors."""
        return len(self._mean)

    def scores(self, vectors: FloatArray) -> dict[str, FloatArray]:
        """Return every method's (n,) scores of (n, d); about 1 for what it was fitted to."""
        white = self._white(vectors)
        return {
            'mahalanobis': np.sqrt(np.einsum('ij,ij->i', white, white) / white.shape[1]),
            'nearest': self._nearest(white),
        }

    def nearest(self, vectors: npt.NDArray[np.floating]) -> FloatArray:
        """Return the (n,) scores of (n, d) vectors by the method `nearest` alone."""
        return self._nearest(self._white(vectors))

    def _white(self, vectors: npt.NDArray[np.floating]) -> FloatArray:
        return np.asarray((vectors - self._mean) @ self._whitening)

    def _nearest(self, white: FloatArray) -> FloatArray:
        square = np.einsum('ij,ij->i', white, white)
        apart = square + (self._bank_square - 2.0 * white @ self._bank.T).min(axis=1)
        return np.asarray(np.sqrt(np.maximum(apart, 0.0) / white.shape[1]))


def fit_space(
    samples: FloatArray, *, bank: int, seed: int, candidates: FloatArray | None = None
) -> dict[str, npt.NDArray[Any]]:
    """Fit a space.

    Args:
        samples: (n, d) nominal vectors, many more than d, as often as they come.
        bank: Vectors that are kept as neighbours.
        seed: Decides which.
        candidates: (m, d) what they are chosen from; the samples if not given.

    Returns:
        Its tensors; the bank holds no vector that another one is nearly the same as.

    Raises:
        ValueError: There are too few samples.
    """
    count, size = samples.shape
    if count < 2 * size:
        raise ValueError(f'{count} samples of {size} numbers: at least {2 * size} are needed')
    mean = samples.mean(axis=0)
    scale = samples.std(axis=0) + 1e-9
    spread = np.atleast_2d(np.cov((samples - mean).T / scale[:, None]))
    variance, direction = np.linalg.eigh(spread)
    floor = _FLOOR * variance.mean()
    whitening = direction / np.sqrt(np.maximum(variance, floor)) / scale[:, None]
    white = ((samples if candidates is None else candidates) - mean) @ whitening
    chosen = farthest_first(white, min(bank, len(white)), np.random.default_rng(seed))
    return {
        'mean': mean.astype(np.float32),
        'whitening': whitening.astype(np.float32),
        'bank': white[chosen].astype(np.float32),
    }


def farthest_first(
    points: npt.NDArray[np.floating], count: int, rng: np.random.Generator
) -> npt.NDArray[np.intp]:
    """Choose points such that none is far from a chosen one.

    Args:
        points: (n, d).
        count: How many are chosen, n at most.
        rng: Chooses the first.

    Returns:
        (count,) indices.
    """
    chosen = [int(rng.integers(len(points)))]
    nearest = np.full(len(points), np.inf)
    for _ in range(count - 1):
        apart = points - points[chosen[-1]]
        nearest = np.minimum(nearest, np.einsum('ij,ij->i', apart, apart))
        chosen.append(int(np.argmax(nearest)))
    return np.array(chosen)
