# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How unlike the data it was fitted to a vector is, by each of its parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import PluginContext
from robot_policies.core.errors import CheckpointError
from robot_policies.core.nominal_space import fit_space, METHODS, NominalSpace

WHOLE = ('',)
"""Parts of a vector that has none."""


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
    """Scores vectors against the data that it was fitted to.

    A vector may be made of parts that are judged apart, so that a few numbers which say much are
    not lost among many. A score is named by part and method: `light nearest`, or `nearest` alone
    for a vector without parts.
    """

    def __init__(
        self,
        tensors: Mapping[str, npt.NDArray[Any]],
        thresholds: Mapping[str, float],
        parts: Sequence[str] = WHOLE,
    ) -> None:
        """Take up what `fit` made.

        Args:
            tensors: `mean`, `whitening`, `bank` as in `NominalSpace`; for a part `<part>.mean` …
            thresholds: Every score that counts, above which a vector is novel.
            parts: Names of the parts, in the order in which the vector holds them.

        Raises:
            CheckpointError: A tensor is missing or does not fit, or a threshold is none.
        """
        self._spaces = {part: NominalSpace(tensors, _prefix(part)) for part in parts}
        self._ends = np.cumsum([0, *(space.size for space in self._spaces.values())]).tolist()
        self._thresholds = {name: float(value) for name, value in thresholds.items()}
        known = score_names(parts)
        wrong = [n for n, value in self._thresholds.items() if n not in known or not value > 0.0]
        if wrong or not self._thresholds:
            raise CheckpointError(
                f'novelty: thresholds {dict(thresholds)}, expected some of {", ".join(known)}'
            )

    @classmethod
    def of_checkpoint(cls, context: PluginContext) -> 'NoveltyDetector':
        """Return the detector of a checkpoint, as `training.novelty_fit` writes it.

        Args:
            context: The tensors, and in `meta` the `thresholds`, and the `parts` if there are any.

        Raises:
            CheckpointError: See the constructor.
        """
        meta = context.meta
        return cls(context.tensors, meta.get('thresholds', {}), meta.get('parts', WHOLE))

    @property
    def size(self) -> int:
        """Length of the vectors."""
        return int(self._ends[-1])

    def scores(self, vectors: FloatArray) -> dict[str, FloatArray]:
        """Return every score of (n, d) vectors, (n,); about 1 for what it was fitted to.

        Raises:
            ValueError: The vectors have another length.
        """
        if vectors.shape[-1] != self.size:
            raise ValueError(f'vectors of {vectors.shape[-1]} numbers, fitted to {self.size}')
        found = {}
        for (part, space), (low, high) in zip(
            self._spaces.items(), pairwise(self._ends), strict=True
        ):
            for method, values in space.scores(vectors[:, low:high]).items():
                found[_score(part, method)] = values
        return found

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


def score_names(parts: Sequence[str]) -> list[str]:
    """Return the names of the scores of a vector with these parts."""
    return [_score(part, method) for part in parts for method in METHODS]


def fit(
    samples: FloatArray, *, bank: int, seed: int, parts: Mapping[str, int] | None = None
) -> dict[str, npt.NDArray[Any]]:
    """Fit a detector.

    Args:
        samples: (n, d) nominal vectors, many more than d.
        bank: Vectors that are kept as neighbours, of each part.
        seed: Decides which.
        parts: Name -> length of the parts, in their order; one without a name if not given.

    Returns:
        The tensors of a detector.

    Raises:
        ValueError: There are too few samples, or the lengths do not add up to d.
    """
    lengths = {WHOLE[0]: samples.shape[1]} if parts is None else dict(parts)
    ends = np.cumsum([0, *lengths.values()]).tolist()
    if ends[-1] != samples.shape[1]:
        raise ValueError(f'parts {lengths} of vectors of {samples.shape[1]} numbers')
    found: dict[str, npt.NDArray[Any]] = {}
    for part, (low, high) in zip(lengths, pairwise(ends), strict=True):
        tensors = fit_space(samples[:, low:high], bank=bank, seed=seed)
        found |= {_prefix(part) + name: tensor for name, tensor in tensors.items()}
    return found


def _prefix(part: str) -> str:
    return f'{part}.' if part else ''


def _score(part: str, method: str) -> str:
    return f'{part} {method}'.lstrip()
