# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How a robot moved in a run: path, tracking, closest approach. Pure: arrays in, numbers out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
import math
from typing import Any

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.robot import BodySpec
from robot_policies.evaluation.run_summary_data import NS, Scans, Series

SMOOTHING_S = 0.4
"""Window over which the measured velocity is averaged: about one gait cycle."""
REACTION_S = 1.0
"""Tracking is not judged for so long after the command has jumped by more than `JUMP`."""
JUMP = 0.2
"""m/s or rad/s."""


@dataclass(frozen=True)
class Approach:
    """How near something came to the robot's footprint.

    Attributes:
        distance_m: Smallest distance from the footprint; 0 or less where they overlap.
        time_s: When, since the start of the run.
        source: `ground truth` of the simulator, or `scan`.
    """

    distance_m: float
    time_s: float
    source: str


@dataclass(frozen=True)
class Tracking:
    """Mean absolute difference between commanded and measured velocity of the base.

    Attributes:
        n: Number of samples.
        vx: m/s.
        vy: m/s.
        yaw_rate: rad/s.
    """

    n: int
    vx: float
    vy: float
    yaw_rate: float


def closest_approach(scans: Scans | None, body: BodySpec, start_ns: int) -> Approach | None:
    """Return when and how closely anything came to the footprint, as the scans saw it."""
    if scans is None:
        return None
    nearest = clearance(scans, body)
    index = int(np.argmin(nearest))
    if not math.isfinite(nearest[index]):
        return None
    seconds = (int(scans.time_ns[index]) - start_ns) / NS
    return Approach(float(nearest[index]), seconds, 'scan')


def true_approach(contacts: Sequence[Mapping[str, Any]], start_ns: int) -> Approach | None:
    """Return the closest approach as the simulator told it; None if it told none."""
    told = [
        e for e in contacts if e.get('event') == 'clearance' and e.get('closest_m') is not None
    ]
    if not told:
        return None
    nearest = min(told, key=lambda event: float(event['closest_m']))
    seconds = (int(nearest['time_ns']) - start_ns) / NS
    return Approach(float(nearest['closest_m']), seconds, 'ground truth')


def clearance(scans: Scans, body: BodySpec) -> FloatArray:
    """Return (n,) the smallest distance of each scan's points from the footprint, m."""
    finite = np.where(np.isfinite(scans.ranges), scans.ranges, 1e6)
    x, y = finite * np.cos(scans.angles), finite * np.sin(scans.angles)
    dx = np.maximum(np.maximum(x - body.footprint_front_m, -body.footprint_rear_m - x), 0.0)
    dy = np.maximum(np.abs(y) - body.footprint_half_width_m, 0.0)
    nearest = np.hypot(dx, dy).min(axis=1)
    return np.where(nearest < 1e5, nearest, np.inf)


def walked_m(motion: Series) -> float:
    """Return the length of the path, m; steps below 1 cm (noise, swaying) do not count."""
    length, last = 0.0, None
    for point in motion.values[:, :2]:
        step = 0.0 if last is None else math.hypot(*(point - last))
        if last is None or step >= 0.01:
            length, last = length + step, point
    return length


def smoothed(motion: Series) -> FloatArray:
    """Return (n, 3) the measured velocity, averaged over about a gait cycle."""
    velocity = motion.values[:, 4:7]
    if len(velocity) < 3:
        return np.asarray(velocity)
    period_s = float(np.median(np.diff(motion.time_ns))) / NS
    width = min(max(1, round(SMOOTHING_S / period_s)), len(velocity))
    kernel = np.ones(width) / width
    columns = [np.convolve(velocity[:, i], kernel, mode='same') for i in range(3)]
    return np.stack(columns, axis=1)


def tracking(motion: Series, command: Series) -> Tracking | None:
    """Return how well the commanded velocity was followed while one was commanded.

    The first second after the command has jumped does not count: no robot jumps.
    """
    if len(motion) < 3 or not len(command):
        return None
    asked = command.at(motion.time_ns)
    used = np.any(np.abs(asked) > 0.02, axis=1) & (motion.time_ns >= command.time_ns[0])
    jumps = np.any(np.abs(np.diff(command.values, axis=0)) > JUMP, axis=1)
    for time_ns in (command.time_ns[0], *command.time_ns[1:][jumps]):
        since = motion.time_ns - time_ns
        used &= ~((since >= 0) & (since < REACTION_S * NS))
    if not used.any():
        return None
    error = np.abs(asked - smoothed(motion))[used].mean(axis=0)
    return Tracking(int(used.sum()), float(error[0]), float(error[1]), float(error[2]))
