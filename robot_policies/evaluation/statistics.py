# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Confidence intervals, so that no result is a bare number."""

import numpy as np
from robot_policies.core.arrays import FloatArray
from scipy.stats import t

_Z_95 = 1.959963984540054


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, after Wilson (1927); honest near 0 and 1.

    Raises:
        ValueError: More successes than trials, or no trials.
    """
    if not 0 <= successes <= trials or trials < 1:
        raise ValueError(f'{successes} successes of {trials} trials')
    share = successes / trials
    spread = _Z_95**2 / trials
    centre = (share + spread / 2.0) / (1.0 + spread)
    half = _Z_95 * np.sqrt(share * (1.0 - share) / trials + spread / (4.0 * trials))
    half = float(half / (1.0 + spread))
    # rounding must not leave the share itself outside, at 0 and 1
    return max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))


def bootstrap_interval(
    values: FloatArray, seed: int = 0, resamples: int = 2000
) -> tuple[float, float]:
    """Return the 95 % interval of the mean of (n,) independent values by resampling.

    Raises:
        ValueError: There are no values.
    """
    if not len(values):
        raise ValueError('no values to resample')
    rng = np.random.default_rng(seed)
    draws = rng.integers(0, len(values), (resamples, len(values)))
    low, high = np.percentile(np.asarray(values)[draws].mean(axis=1), (2.5, 97.5))
    return float(low), float(high)


def mean_interval(values: FloatArray) -> tuple[float, float]:
    """Return the 95 % interval of the mean of (n,) normal values, after Student (1908).

    For a few values, e.g. rounds of a measurement, of which resampling makes too narrow a one.

    Raises:
        ValueError: There are fewer than two.
    """
    count = len(values)
    if count < 2:
        raise ValueError(f'{count} values do not tell how much they vary')
    half = t.ppf(0.975, count - 1) * np.std(values, ddof=1) / np.sqrt(count)
    mean = float(np.mean(values))
    return mean - float(half), mean + float(half)
