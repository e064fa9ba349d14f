# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The base is asked for no more speed than it can do, and for more speed only gradually."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import VelocityCommand
from robot_policies.core.params import param
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety.bounds import Bounds, step_bounds
from robot_policies.safety.state import SafetyState

_AXES = ('vx', 'vy', 'yaw_rate')


@dataclass(frozen=True, kw_only=True)
class BaseLimitConfig:
    """Which share of the robot's base limits may be used."""

    speed_scale: float = param(1.0, doc="Share of the robot's speed limits.", low=0.0, high=1.0)
    acceleration_scale: float = param(
        1.0, doc="Share of the robot's acceleration limits.", low=0.01, high=10.0
    )


class BaseLimit:
    """LIMIT on speed, and on acceleration away from zero. Slowing down is never delayed."""

    config_class: ClassVar[type] = BaseLimitConfig
    gates: ClassVar[tuple[str, ...]] = ('velocity',)

    def __init__(self, config: BaseLimitConfig, context: PluginContext) -> None:
        body = context.robot.body
        self._speed = speed_bounds(
            config.speed_scale * np.array([body.min_vx, -body.max_vy, -body.max_yaw_rate]),
            config.speed_scale * np.array([body.max_vx, body.max_vy, body.max_yaw_rate]),
        )
        linear, turn = body.max_acceleration, body.max_yaw_acceleration
        self._acceleration = config.acceleration_scale * np.array([linear, linear, turn])

    def reset(self) -> None:
        """Nothing is remembered."""

    def check(
        self, command: VelocityCommand, state: SafetyState, now_ns: int
    ) -> Verdict[VelocityCommand]:
        """Bring the velocity into the bounds."""
        wanted = command.as_array()
        last = np.zeros(3) if state.last_velocity is None else state.last_velocity.as_array()
        reachable = acceleration_bounds(last, self._acceleration, state.tick_s)
        allowed = reachable.clip(self._speed.clip(wanted))
        if np.array_equal(allowed, wanted):
            return Verdict(Severity.PASS, command)
        index = int(np.argmax(np.abs(wanted - allowed)))
        reason = f'{_AXES[index]} {wanted[index]:.2f} limited to {allowed[index]:.2f}'
        return Verdict(
            Severity.LIMIT, VelocityCommand.from_array(command.stamp_ns, allowed), reason
        )


def speed_bounds(lower: FloatArray, upper: FloatArray) -> Bounds:
    """Return the bounds of (vx, vy, yaw rate); zero always lies within."""
    return Bounds(np.minimum(lower, 0.0), np.maximum(upper, 0.0))


def acceleration_bounds(last: FloatArray, acceleration: FloatArray, tick_s: float) -> Bounds:
    """Return what can follow on `last`: anything towards zero, and a little beyond `last`.

    Args:
        last: (3,) previous velocity.
        acceleration: (3,) largest acceleration away from zero.
        tick_s: Time since `last`.
    """
    step = step_bounds(last, acceleration, tick_s)
    from_zero = step_bounds(np.zeros(3), acceleration, tick_s)
    return Bounds(
        np.where(last > 0.0, from_zero.lower, step.lower),
        np.where(last < 0.0, from_zero.upper, step.upper),
    )
