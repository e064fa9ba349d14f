# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How well a score tells two kinds of episodes apart."""

import numpy as np
from robot_policies.core.arrays import FloatArray
from scipy.stats import chi2, rankdata


def auc(nominal: FloatArray, other: FloatArray) -> float:
    """Return the area under the ROC curve: how often an `other` scores above a nominal one.

    Args:
        nominal: (n,) scores.
        other: (m,) scores.
    """
    ranks = rankdata(np.concatenate([nominal, other]))[len(nominal) :]
    wins = ranks.sum() - len(other) * (len(other) + 1) / 2.0
    return float(wins / (len(nominal) * len(other)))


def auc_interval(
    nominal: FloatArray, other: FloatArray, seed: int = 0, resamples: int = 1000
) -> tuple[float, float]:
    """Return the 95 % interval of the area by resampling episodes of both kinds."""
    rng = np.random.default_rng(seed)
    found = [
        auc(rng.choice(nominal, len(nominal)), rng.choice(other, len(other)))
        for _ in range(resamples)
    ]
    low, high = np.percentile(found, (2.5, 97.5))
    return float(low), float(high)


def roc_curve(nominal: FloatArray, other: FloatArray) -> list[tuple[float, float]]:
    """Return (false alarms, detections) as shares, from no alarm at all to nothing but alarms."""
    limits = np.unique(np.concatenate([nominal, other]))[::-1]
    points = [(0.0, 0.0)]
    points += [(float((nominal >= x).mean()), float((other >= x).mean())) for x in limits]
    return points


def poisson_interval(events: int, exposure: float) -> tuple[float, float]:
    """Return the 95 % interval of a rate (F. Garwood, 1936).

    Args:
        events: How many were seen.
        exposure: In how much time.
    """
    low = chi2.ppf(0.025, 2 * events) / 2.0 if events else 0.0
    high = chi2.ppf(0.975, 2 * (events + 1)) / 2.0
    return float(low) / exposure, float(high) / exposure
