# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""From policy to person and back without a jump.

Who takes over seldom wants the very velocity that the robot has. `BaseLimit` bounds how fast it
speeds up, but never delays slowing down, so that a person who takes the stick gently would stop a
walking robot within one tick. Here the change of hands is bounded in both directions, until the
new command is reached. What stops the robot for safety's sake comes after this and is not delayed.
"""

from dataclasses import dataclass
from typing import ClassVar

from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import VelocityCommand
from robot_policies.core.params import param
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety.bounds import AXES
from robot_policies.safety.state import SafetyState


@dataclass(frozen=True, kw_only=True)
class HandoverConfig:
    """How fast the velocity changes while it changes hands."""

    acceleration_scale: float = param(
        1.0, doc="Share of the robot's acceleration limits.", low=0.01, high=10.0
    )


class Handover:
    """LIMIT on the change of velocity after another source took over."""

    config_class: ClassVar[type] = HandoverConfig
    gates: ClassVar[tuple[str, ...]] = ('velocity',)

    def __init__(self, config: HandoverConfig, context: PluginContext) -> None:
        accelerations = config.acceleration_scale * context.robot.body.accelerations
        self._accelerations = tuple(accelerations.tolist())
        self.reset()

    def reset(self) -> None:
        """Forget who was in charge."""
        self._source = ''
        self._words = ''

    def check(
        self, command: VelocityCommand, state: SafetyState, now_ns: int
    ) -> Verdict[VelocityCommand]:
        """Bring the velocity to that of the new source step by step."""
        source, last = state.velocity_source, state.last_velocity
        if self._source and source and source != self._source:
            self._words = f'handing over from {self._source} to {source}'
        self._source = source or self._source
        if not source:
            self._words = ''  # nobody is in charge: stop
        if not self._words or last is None:
            return Verdict(Severity.PASS, command)
        allowed = [
            _towards(getattr(command, axis), getattr(last, axis), acceleration * state.tick_s)
            for axis, acceleration in zip(AXES, self._accelerations, strict=True)
        ]
        if allowed == [getattr(command, axis) for axis in AXES]:
            self._words = ''
            return Verdict(Severity.PASS, command)
        limited = VelocityCommand(command.stamp_ns, *allowed)
        return Verdict(Severity.LIMIT, limited, self._words)


def _towards(wanted: float, last: float, step: float) -> float:
    return min(max(wanted, last - step), last + step)
