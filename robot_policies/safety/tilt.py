# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A robot that leans too far has fallen or is about to."""

from dataclasses import dataclass
import math
from typing import ClassVar

from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import JointCommand
from robot_policies.core.params import param
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety.state import SafetyState


@dataclass(frozen=True, kw_only=True)
class TiltConfig:
    """How far the base may lean."""

    limit_rad: float = param(
        0.0,
        doc="Largest angle between the base's z axis and the world's; 0 takes the robot's own.",
        unit='rad',
        low=0.0,
        high=3.2,
    )


class Tilt:
    """RECOVER beyond the limit (DAMP where no recovery policy is loaded)."""

    config_class: ClassVar[type] = TiltConfig
    gates: ClassVar[tuple[str, ...]] = ('joint',)

    def __init__(self, config: TiltConfig, context: PluginContext) -> None:
        self._limit_rad = config.limit_rad or context.robot.body.max_tilt_rad

    def reset(self) -> None:
        """Nothing is remembered."""

    def check(
        self, command: JointCommand, state: SafetyState, now_ns: int
    ) -> Verdict[JointCommand]:
        """Judge the orientation; without one, freshness has its say."""
        if state.imu is None:
            return Verdict(Severity.PASS, command)
        x, y, _, _ = state.imu.orientation.tolist()
        # the world's z axis seen from the base has this z component, for a unit quaternion
        tilt_rad = math.acos(max(-1.0, min(1.0, 1.0 - 2.0 * (x * x + y * y))))
        if tilt_rad <= self._limit_rad:
            return Verdict(Severity.PASS, command)
        reason = f'tilt {tilt_rad:.2f} rad, limit {self._limit_rad:.2f}'
        return Verdict(Severity.RECOVER, command, reason)
