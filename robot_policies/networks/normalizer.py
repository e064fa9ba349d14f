# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Brings quantities of different units to one scale, and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from robot_policies.core.arrays import FloatArray, frozen


@dataclass(frozen=True, eq=False)
class Normalizer:
    """Subtracts a mean and divides by a scale, per component.

    Attributes:
        mean: (n,) in physical units.
        scale: (n,) positive, in physical units.
    """

    mean: FloatArray
    scale: FloatArray

    def __post_init__(self) -> None:
        """Freeze the arrays and check that they fit and that no scale is zero."""
        mean = frozen(self.mean, name='mean', shape=(None,))
        scale = frozen(self.scale, name='scale', shape=(len(mean),))
        if not (np.isfinite(mean).all() and np.isfinite(scale).all() and (scale > 0).all()):
            raise ValueError('Normalizer: mean must be finite and every scale positive')
        object.__setattr__(self, 'mean', mean)
        object.__setattr__(self, 'scale', scale)

    @classmethod
    def fit(cls, samples: FloatArray, *, smallest_scale: float = 1e-3) -> 'Normalizer':
        """Take mean and standard deviation of samples (batch, n).

        Args:
            samples: (batch, n) in physical units.
            smallest_scale: Bound on the scale, so that a constant component stays finite.
        """
        return cls(samples.mean(axis=0), np.maximum(samples.std(axis=0), smallest_scale))

    def normalize(self, values: FloatArray) -> FloatArray:
        """Return (…, n) with about zero mean and unit deviation."""
        return np.asarray((values - self.mean) / self.scale)

    def denormalize(self, values: FloatArray) -> FloatArray:
        """Undo `normalize`."""
        return np.asarray(values * self.scale + self.mean)

    def as_meta(self) -> dict[str, list[float]]:
        """Return what goes into a checkpoint's JSON."""
        return {'mean': self.mean.tolist(), 'scale': self.scale.tolist()}

    @classmethod
    def from_meta(cls, meta: Mapping[str, Any]) -> 'Normalizer':
        """Rebuild from `as_meta`."""
        return cls(np.asarray(meta['mean'], float), np.asarray(meta['scale'], float))
