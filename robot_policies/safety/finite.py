# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Nothing that is not a number leaves. Runs first on what comes in and last on what goes out."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import JointCommand, VelocityCommand
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety.state import SafetyState


@dataclass(frozen=True, kw_only=True)
class FiniteConfig:
    """Nothing to configure: there is no tolerable amount of NaN."""


class Finite:
    """DAMP on a joint command, HOLD on a velocity, that is not finite or of the wrong width."""

    config_class: ClassVar[type] = FiniteConfig
    gates: ClassVar[tuple[str, ...]] = ('joint', 'velocity')

    def __init__(self, config: FiniteConfig, context: PluginContext) -> None:
        self._names = context.robot.joint_names

    def reset(self) -> None:
        """Nothing is remembered."""

    def check(
        self, command: JointCommand | VelocityCommand, state: SafetyState, now_ns: int
    ) -> Verdict[JointCommand | VelocityCommand]:
        """Judge every number of the command."""
        if isinstance(command, VelocityCommand):
            if command.is_finite:
                return Verdict(Severity.PASS, command)
            values = f'({command.vx}, {command.vy}, {command.yaw_rate})'
            zero = VelocityCommand(command.stamp_ns)
            return Verdict(Severity.HOLD, zero, f'velocity command {values} is not finite')
        for what in ('position', 'velocity', 'effort'):
            problem = self._problem(what, getattr(command, what))
            if problem:
                return Verdict(Severity.DAMP, command, problem)
        return Verdict(Severity.PASS, command)

    def _problem(self, what: str, values: np.ndarray | None) -> str:
        if values is None:
            return ''
        if len(values) != len(self._names):
            return f'commanded {what} has {len(values)} values, robot has {len(self._names)}'
        finite = np.isfinite(values)
        if finite.all():
            return ''
        index = int(np.argmin(finite))
        return f'commanded {what} of {self._names[index]} is {values[index]}'
