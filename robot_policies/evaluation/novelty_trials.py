# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How well novelty is detected, and how often it is when there is none."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.novelty import NoveltyDetector
from robot_policies.core.verdict import Severity
from robot_policies.evaluation.roc import auc, auc_interval, poisson_interval, roc_curve
from robot_policies.safety.novelty_reaction import NoveltyReaction, ReactionConfig
from robot_policies.training.novelty_fit import lasting

Streams = Sequence[FloatArray]
_POINTS = 60


def judge_streams(
    detector: NoveltyDetector, nominal: Streams, cases: Mapping[str, Streams], rate_hz: float
) -> dict[str, Any]:
    """Compare each case with the nominal streams; an episode is a stream.

    Args:
        detector: Its thresholds count for alarms; the area does not depend on them.
        nominal: (k, d) vectors each.
        cases: What is not nominal, by name.
        rate_hz: Vectors per second.

    Returns:
        `false_alarms` (rate per hour with interval), `trials` and `curves`.
    """
    scores = {name: _peaks(detector, own, rate_hz) for name, own in cases.items()}
    usual = _peaks(detector, nominal, rate_hz)
    hours = sum(len(stream) for stream in nominal) / rate_hz / 3600.0
    alarms = sum(_reacts(detector, stream, rate_hz) for stream in nominal)
    trials = {name: _trial(usual, own, cases[name]) for name, own in scores.items()}
    for name, numbers in trials.items():
        reacted = sum(_reacts(detector, stream, rate_hz) for stream in cases[name])
        numbers['detected'] = reacted / len(cases[name])
    return {
        'false_alarms': {
            'hours': hours,
            'alarms': alarms,
            'per_hour': alarms / hours,
            'per_hour_ci95': list(poisson_interval(alarms, hours)),
        },
        'trials': trials,
        'curves': {n: _thinned(roc_curve(usual['worst'], s['worst'])) for n, s in scores.items()},
    }


def _peaks(detector: NoveltyDetector, streams: Streams, rate_hz: float) -> dict[str, FloatArray]:
    """Return score name -> (n,) the highest lasting score of each stream."""
    rows: dict[str, list[float]] = {}
    for stream in streams:
        scores = {**detector.scores(stream), 'worst': detector.ratios(stream)}
        for name, values in scores.items():
            rows.setdefault(name, []).append(lasting(values, rate_hz))
    return {name: np.array(values) for name, values in rows.items()}


def _trial(
    usual: Mapping[str, FloatArray], own: Mapping[str, FloatArray], streams: Streams
) -> dict[str, Any]:
    return {
        'episodes': len(streams),
        'auc': auc(usual['worst'], own['worst']),
        'auc_ci95': list(auc_interval(usual['worst'], own['worst'])),
        'auc_mahalanobis': auc(usual['mahalanobis'], own['mahalanobis']),
        'auc_nearest': auc(usual['nearest'], own['nearest']),
    }


def _reacts(detector: NoveltyDetector, stream: FloatArray, rate_hz: float) -> bool:
    """Return True if the reaction of the checks would slow down anywhere in a stream."""
    reaction = NoveltyReaction(ReactionConfig())
    ratios = detector.ratios(stream)
    return any(
        reaction.update(float(ratio), round(i / rate_hz * 1e9)) > Severity.PASS
        for i, ratio in enumerate(ratios)
    )


def _thinned(points: list[tuple[float, float]]) -> list[list[float]]:
    chosen = np.unique(np.linspace(0, len(points) - 1, _POINTS).round().astype(int))
    return [[round(x, 4), round(y, 4)] for x, y in (points[i] for i in chosen)]
