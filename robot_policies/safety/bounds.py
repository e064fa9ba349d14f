# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How far a command may go. Pure functions that return bounds; whoever asks enforces them."""

from typing import NamedTuple

import numpy as np
from robot_policies.core.arrays import FloatArray

AXES = ('vx', 'vy', 'yaw_rate')
"""Fields of a `VelocityCommand` in the order of the robot's speeds and accelerations."""


class Bounds(NamedTuple):
    """The allowed interval of each joint. An interval may be one point, never empty."""

    lower: FloatArray
    upper: FloatArray

    def clip(self, values: FloatArray) -> FloatArray:
        """Return `values` brought into the bounds. NaN stays NaN: it has no place to go to."""
        return np.minimum(np.maximum(values, self.lower), self.upper)

    def worst(self, values: FloatArray) -> tuple[int, float]:
        """Return the index of the value farthest outside, and how far; (0, 0.0) if all are in."""
        excess = np.maximum(self.lower - values, values - self.upper)
        index = int(np.argmax(excess))
        return (index, float(excess[index])) if excess[index] > 0.0 else (0, 0.0)


def step_bounds(last: FloatArray, speed: FloatArray | float, tick_s: float) -> Bounds:
    """Return where a target may be one tick after `last`.

    Args:
        last: (n,) previous target, rad.
        speed: Largest speed of the target, rad/s; one for all or (n,).
        tick_s: Time since `last`; 0 allows no motion.
    """
    step = np.abs(speed) * tick_s
    return Bounds(last - step, last + step)


def torque_bounds(effort: FloatArray, speed_limit: FloatArray, speed: FloatArray) -> Bounds:
    """Return the torque that a joint may be asked for at its present speed.

    At or above the speed limit nothing may push the joint further; braking is always allowed.

    Args:
        effort: (n,) torque limit, N·m.
        speed_limit: (n,) rad/s.
        speed: (n,) measured, rad/s.
    """
    lower = np.where(speed <= -speed_limit, 0.0, -effort)
    upper = np.where(speed >= speed_limit, 0.0, effort)
    return Bounds(lower, upper)


def target_bounds(
    torque: Bounds, stiffness: FloatArray, damping_torque: FloatArray, position: FloatArray
) -> Bounds:
    """Return the position targets for which a PD driver asks for no more than `torque`.

    The driver applies `stiffness · (target - position) + damping_torque`. A joint without
    stiffness is unbounded, because its target asks for nothing.

    Args:
        torque: Allowed torque, N·m.
        stiffness: (n,) position gain, N·m/rad.
        damping_torque: (n,) everything else that the driver adds, N·m.
        position: (n,) measured, rad.
    """
    soft = stiffness <= 0.0
    gain = np.where(soft, 1.0, stiffness)
    lower = np.where(soft, -np.inf, position + (torque.lower - damping_torque) / gain)
    upper = np.where(soft, np.inf, position + (torque.upper - damping_torque) / gain)
    return Bounds(lower, upper)


def stopping_speed(distance_m: FloatArray, deceleration: float, latency_s: float) -> FloatArray:
    """Return the largest speed from which a stop within `distance_m` is possible, m/s.

    Solves `v · latency + v² / (2 · deceleration) = distance` for v.

    Args:
        distance_m: (n,) way left; 0 and less gives 0.
        deceleration: m/s², above 0.
        latency_s: Time until braking begins.
    """
    lag = deceleration * latency_s
    way = np.maximum(distance_m, 0.0)
    return np.asarray(np.sqrt(lag * lag + 2.0 * deceleration * way) - lag)
