# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Whether something grows: the slope of a series with its confidence interval."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from robot_policies.core.arrays import FloatArray

WARM_UP_S = 120.0
"""Caches and buffers fill at first; what is sampled in this time is kept, and does not count."""
SERIES = 'memory_by_minute'
"""Key of what in the result is drawn and not read."""
_HOUR_S = 3600.0
_BLOCKS = 20
_RESAMPLED = 2000


def growth(
    times_s: Sequence[float], values: Sequence[float], *, allowed_per_h: float, seed: int = 0
) -> dict[str, Any]:
    """Return the slope per hour of a series, its 95 % interval, and whether it grows.

    Memory goes in steps, and neighbouring samples are no independent ones; so the series is cut
    into blocks of equal length, whose means are resampled (block bootstrap of the least-squares
    slope). It grows if the whole interval lies above `allowed_per_h`.

    Args:
        times_s: Times of the samples.
        values: The samples.
        allowed_per_h: A slope that does not matter.
        seed: Of the resampling.
    """
    times = np.asarray(times_s, dtype=np.float64) / _HOUR_S
    series = np.asarray(values, dtype=np.float64)
    blocks = min(_BLOCKS, len(series) // 2)
    if blocks < 3:
        return {'n': len(series), 'per_h': None, 'ci95': None, 'grows': None}
    at = np.array([part.mean() for part in np.array_split(times, blocks)])
    means = np.array([part.mean() for part in np.array_split(series, blocks)])
    rng = np.random.default_rng(seed)
    draws = rng.integers(blocks, size=(_RESAMPLED, blocks))
    slopes = np.array([_slope(at[draw], means[draw]) for draw in draws])
    low, high = np.nanpercentile(slopes, (2.5, 97.5))
    return {
        'n': len(series),
        'per_h': float(_slope(at, means)),
        'ci95': [float(low), float(high)],
        'grows': bool(low > allowed_per_h),
    }


def _slope(times: FloatArray, values: FloatArray) -> float:
    """Return the least-squares slope; NaN where all times are the same."""
    centred = times - times.mean()
    spread = float(centred @ centred)
    return float(centred @ values) / spread if spread > 0.0 else float('nan')
