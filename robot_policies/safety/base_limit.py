# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The base is asked for no more speed than it can do, and for more speed only gradually."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import VelocityCommand
from robot_policies.core.params import param
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety.bounds import AXES
from robot_policies.safety.state import SafetyState


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
        lowest, highest = body.lowest_velocity, body.highest_velocity
        self._speeds = tuple((config.speed_scale * np.stack((lowest, highest), 1)).tolist())
        accelerations = config.acceleration_scale * body.accelerations
        self._accelerations = tuple(accelerations.tolist())

    def reset(self) -> None:
        """Nothing is remembered."""

    def check(
        self, command: VelocityCommand, state: SafetyState, now_ns: int
    ) -> Verdict[VelocityCommand]:
        """Bring the velocity into the bounds."""
        last = state.last_velocity or VelocityCommand(0)
        allowed, reason = [], ''
        # plain numbers: for three of them numpy costs ten times as much, in every tick
        for axis, speeds, acceleration in zip(
            AXES, self._speeds, self._accelerations, strict=True
        ):
            wanted: float = getattr(command, axis)
            reach = reachable(getattr(last, axis), acceleration, state.tick_s)
            low, high = max(speeds[0], reach[0]), min(speeds[1], reach[1])
            allowed.append(min(max(wanted, low), high))
            if allowed[-1] != wanted and not reason:
                reason = f'{axis} {wanted:.2f} limited to {allowed[-1]:.2f}'
        if not reason:
            return Verdict(Severity.PASS, command)
        return Verdict(Severity.LIMIT, VelocityCommand(command.stamp_ns, *allowed), reason)


def reachable(last: float, acceleration: float, tick_s: float) -> tuple[float, float]:
    """Return what can follow on `last`: anything towards zero, and a little beyond `last`.

    Args:
        last: Previous velocity.
        acceleration: Largest acceleration away from zero.
        tick_s: Time since `last`.

    Returns:
        Lower and upper bound; zero always lies between them.
    """
    step = acceleration * tick_s
    return (min(last, 0.0) - step, max(last, 0.0) + step)
