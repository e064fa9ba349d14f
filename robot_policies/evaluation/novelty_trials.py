# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How well novelty is detected, and how often it is when there is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.novelty import NoveltyDetector
from robot_policies.core.verdict import Severity
from robot_policies.evaluation.roc import auc, auc_interval, poisson_interval, roc_curve
from robot_policies.safety.novelty_reaction import NoveltyReaction, ReactionConfig
from robot_policies.training.novelty_fit import lasting

NOMINAL = 'nominal'
WORST = 'worst'
"""The score that counts: the highest of all by its threshold."""
Row = dict[str, Any]
_POINTS = 60


@dataclass(frozen=True)
class NoveltyTrial:
    """An episode that is to be looked at: the name of its case, and what it is drawn from."""

    case: str
    seed: int

    @property
    def key(self) -> str:
        """What tells it from the others."""
        return f'{self.case}/{self.seed}'


def judged(
    trial: NoveltyTrial, detector: NoveltyDetector, stream: FloatArray, rate_hz: float
) -> Row:
    """Return what is kept of an episode.

    Args:
        trial: Which one.
        detector: Its thresholds count for alarms.
        stream: (k, d) vectors.
        rate_hz: Vectors per second.
    """
    scores = {**detector.scores(stream), WORST: detector.ratios(stream)}
    return {
        'key': trial.key,
        'case': trial.case,
        'seconds': len(stream) / rate_hz,
        'peaks': {name: lasting(values, rate_hz) for name, values in scores.items()},
        'reacts': _reacts(scores[WORST], rate_hz),
    }


def summary(rows: Sequence[Row]) -> dict[str, Any]:
    """Compare each case with the nominal episodes; the area does not depend on thresholds.

    Returns:
        `false_alarms` (rate per hour with interval), `trials` and `curves`.
    """
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row['case'], []).append(row)
    usual = groups.pop(NOMINAL)
    hours = sum(row['seconds'] for row in usual) / 3600.0
    alarms = sum(row['reacts'] for row in usual)
    peaks = _peaks(usual)
    return {
        'false_alarms': {
            'hours': hours,
            'alarms': alarms,
            'per_hour': alarms / hours,
            'per_hour_ci95': list(poisson_interval(alarms, hours)),
        },
        'trials': {name: _trial(peaks, own) for name, own in groups.items()},
        'curves': {
            name: _thinned(roc_curve(peaks[WORST], _peaks(own)[WORST]))
            for name, own in groups.items()
        },
    }


def _peaks(rows: Sequence[Row]) -> dict[str, FloatArray]:
    """Return score name -> (n,) the highest lasting score of each episode."""
    return {name: np.array([row['peaks'][name] for row in rows]) for name in rows[0]['peaks']}


def _trial(usual: Mapping[str, FloatArray], rows: Sequence[Row]) -> dict[str, Any]:
    own = _peaks(rows)
    return {
        'episodes': len(rows),
        'auc': auc(usual[WORST], own[WORST]),
        'auc_ci95': list(auc_interval(usual[WORST], own[WORST])),
        **{
            f'auc_{name.replace(" ", "_")}': auc(usual[name], own[name])
            for name in own
            if name != WORST
        },
        'detected': sum(row['reacts'] for row in rows) / len(rows),
    }


def _reacts(ratios: FloatArray, rate_hz: float) -> bool:
    """Return True if the reaction of the checks would slow down anywhere in a stream."""
    reaction = NoveltyReaction(ReactionConfig())
    return any(
        reaction.update(float(ratio), round(i / rate_hz * 1e9)) > Severity.PASS
        for i, ratio in enumerate(ratios)
    )


def _thinned(points: list[tuple[float, float]]) -> list[list[float]]:
    chosen = np.unique(np.linspace(0, len(points) - 1, _POINTS).round().astype(int))
    return [[round(x, 4), round(y, 4)] for x, y in (points[i] for i in chosen)]
