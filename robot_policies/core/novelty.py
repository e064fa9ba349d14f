# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How unlike the data it was fitted to a vector is: by its distribution, and by its neighbours.

Mahalanobis distance after K. Lee et al., A Simple Unified Framework for Detecting
Out-of-Distribution Samples and Adversarial Attacks, 2018; nearest neighbour after Y. Sun et al.,
Out-of-Distribution Detection with Deep Nearest Neighbors, 2022; both in whitened coordinates.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import PluginContext
from robot_policies.core.errors import CheckpointError

METHODS = ('mahalanobis', 'nearest')
TENSORS = ('mean', 'whitening', 'bank')
_FLOOR = 1e-3
"""Share of the mean variance below which a direction counts as noise of the sensor."""


@dataclass(frozen=True)
class Novelty:
    """What a detector says of a moment.

    Attributes:
        stamp_ns: Stamp of what was judged.
        ratio: Worst score over its threshold: above 1 is beyond all that was seen in fitting.
        words: Which score it is, with its numbers.
    """

    stamp_ns: int
    ratio: float
    words: str = ''


class NoveltyDetector:
    """Scores vectors against the data that it was fitted to."""

    def __init__(
        self, tensors: Mapping[str, npt.NDArray[Any]], thresholds: Mapping[str, float]
    ) -> None:
        """Take up what `fit` made.

        Args:
            tensors: `mean` (d,), `whitening` (d, k), `bank` (m, k).
            thresholds: Score of each method that counts, above which a vector is novel.

        Raises:
            CheckpointError: A tensor is missing or does not fit, or a threshold is none.
        """
        missing = [name for name in TENSORS if name not in tensors]
        if missing:
            raise CheckpointError(f'novelty: {", ".join(missing)} is missing')
        self._mean, self._whitening, self._bank = (
            np.asarray(tensors[name], dtype=np.float64) for name in TENSORS
        )
        size, kept = self._whitening.shape
        if self._mean.shape != (size,) or self._bank.shape[1:] != (kept,):
            raise CheckpointError('novelty: the shapes of mean, whitening and bank do not agree')
        self._bank_square = np.einsum('ij,ij->i', self._bank, self._bank)
        self._thresholds = {name: float(value) for name, value in thresholds.items()}
        wrong = [
            name
            for name, value in self._thresholds.items()
            if name not in METHODS or not value > 0.0
        ]
        if wrong or not self._thresholds:
            raise CheckpointError(
                f'novelty: thresholds {dict(thresholds)}, expected some of {", ".join(METHODS)}'
            )

    @classmethod
    def of_checkpoint(cls, context: PluginContext) -> 'NoveltyDetector':
        """Return the detector of a checkpoint, as `training.novelty_fit` writes it.

        Args:
            context: The tensors, and in `meta` the `thresholds`.

        Raises:
            CheckpointError: See the constructor.
        """
        return cls(context.tensors, context.meta.get('thresholds', {}))

    @property
    def size(self) -> int:
        """Length of the vectors."""
        return len(self._mean)

    def scores(self, vectors: FloatArray) -> dict[str, FloatArray]:
        """Return every method's (n,) scores; about 1 for what it was fitted to.

        Args:
            vectors: (n, d).

        Raises:
            ValueError: The vectors have another length.
        """
        if vectors.shape[-1] != self.size:
            raise ValueError(f'vectors of {vectors.shape[-1]} numbers, fitted to {self.size}')
        white = (vectors - self._mean) @ self._whitening
        square = np.einsum('ij,ij->i', white, white)
        apart = square[:, None] + self._bank_square - 2.0 * white @ self._bank.T
        size = self._whitening.shape[1]
        return {
            'mahalanobis': np.sqrt(square / size),
            'nearest': np.sqrt(np.maximum(apart.min(axis=1), 0.0) / size),
        }

    def ratios(self, vectors: FloatArray) -> FloatArray:
        """Return (n,) the worst score over its threshold."""
        scores = self.scores(vectors)
        of_each = [scores[name] / limit for name, limit in self._thresholds.items()]
        return np.asarray(np.max(of_each, axis=0))

    def judge(self, vector: FloatArray, stamp_ns: int) -> Novelty:
        """Return what it says of one (d,) vector; one that is not finite is as novel as can be."""
        if not np.isfinite(vector).all():
            return Novelty(stamp_ns, float('inf'), 'not finite')
        scores = self.scores(vector[None])
        ratio, name = max(
            (float(scores[name][0]) / limit, name) for name, limit in self._thresholds.items()
        )
        return Novelty(stamp_ns, ratio, f'{name} distance {ratio:.2f} of its threshold')


def fit(samples: FloatArray, *, bank: int, seed: int) -> dict[str, npt.NDArray[Any]]:
    """Fit a detector.

    Args:
        samples: (n, d) nominal vectors, many more than d.
        bank: Vectors that are kept as neighbours.
        seed: Decides which.

    Returns:
        The tensors of a detector; the bank holds no vector that another one is nearly the same as.

    Raises:
        ValueError: There are too few samples.
    """
    count, size = samples.shape
    if count < 2 * size:
        raise ValueError(f'{count} samples of {size} numbers: at least {2 * size} are needed')
    mean = samples.mean(axis=0)
    scale = samples.std(axis=0) + 1e-9
    variance, direction = np.linalg.eigh(np.cov((samples - mean).T / scale[:, None]))
    floor = _FLOOR * variance.mean()
    whitening = direction / np.sqrt(np.maximum(variance, floor)) / scale[:, None]
    white = (samples - mean) @ whitening
    chosen = _spread(white, min(bank, count), np.random.default_rng(seed))
    return {
        'mean': mean.astype(np.float32),
        'whitening': whitening.astype(np.float32),
        'bank': white[chosen].astype(np.float32),
    }


def _spread(points: FloatArray, count: int, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """Return indices of points such that none is far from a chosen one (farthest-first)."""
    chosen = [int(rng.integers(len(points)))]
    nearest = np.full(len(points), np.inf)
    for _ in range(count - 1):
        apart = points - points[chosen[-1]]
        nearest = np.minimum(nearest, np.einsum('ij,ij->i', apart, apart))
        chosen.append(int(np.argmax(nearest)))
    return np.array(chosen)


def token_summary(tokens: npt.NDArray[Any]) -> FloatArray:
    """Return (3·d,) mean, spread and maximum over (t, d) tokens: what a picture is like."""
    values = np.asarray(tokens, dtype=np.float64)
    return np.concatenate([values.mean(axis=0), values.std(axis=0), values.max(axis=0)])
