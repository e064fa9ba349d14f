# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A target that leaps is a broken command, not a motion."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import JointCommand
from robot_policies.core.lasting import Lasting
from robot_policies.core.params import param
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety.bounds import step_bounds
from robot_policies.safety.state import SafetyState


@dataclass(frozen=True, kw_only=True)
class JumpConfig:
    """How far a position target may move from one tick to the next."""

    limit_rad: float = param(
        0.6, doc='A larger step is shortened to this.', unit='rad', low=0.01, high=10.0
    )
    refuse_rad: float = param(
        1.6,
        doc='A larger step is refused: the last target is kept.',
        unit='rad',
        low=0.01,
        high=20.0,
    )
    patience_s: float = param(
        0.03, doc='Refused for longer than this: DAMP.', unit='s', low=0.0, high=1.0
    )

    def __post_init__(self) -> None:
        """Check that shortening comes before refusing."""
        if self.limit_rad > self.refuse_rad:
            raise ValueError(f'limit_rad {self.limit_rad} is above refuse_rad {self.refuse_rad}')


class Jump:
    """LIMIT a large step, HOLD on an absurd one, DAMP when absurd ones keep coming."""

    config_class: ClassVar[type] = JumpConfig
    gates: ClassVar[tuple[str, ...]] = ('joint',)

    def __init__(self, config: JumpConfig, context: PluginContext) -> None:
        self._config = config
        self._names = context.robot.joint_names
        self._refused = Lasting()

    def reset(self) -> None:
        """Forget what was refused."""
        self._refused.clear()

    def check(
        self, command: JointCommand, state: SafetyState, now_ns: int
    ) -> Verdict[JointCommand]:
        """Compare the target with the one of the last tick."""
        last = state.last_command.position if state.last_command else None
        if last is None or command.position is None:
            self._refused.clear()
            return Verdict(Severity.PASS, command)
        steps = np.abs(command.position - last)
        index = int(np.argmax(steps))
        step = float(steps[index])
        if step > self._config.refuse_rad:
            return self._refuse(command, self._names[index], step, now_ns)
        self._refused.clear()
        if step <= self._config.limit_rad:
            return Verdict(Severity.PASS, command)
        bounds = step_bounds(last, self._config.limit_rad, 1.0)
        limited = replace(command, position=bounds.clip(command.position))
        reason = (
            f'target of {self._names[index]} jumps {step:.2f} rad, '
            f'limit {self._config.limit_rad:.2f}'
        )
        return Verdict(Severity.LIMIT, limited, reason)

    def _refuse(
        self, command: JointCommand, joint: str, step: float, now_ns: int
    ) -> Verdict[JointCommand]:
        lasted_s = self._refused.note(True, now_ns)
        severity = Severity.DAMP if lasted_s > self._config.patience_s else Severity.HOLD
        limit = self._config.refuse_rad
        reason = f'target of {joint} jumps {step:.2f} rad, refused above {limit:.2f}'
        return Verdict(severity, command, reason)
