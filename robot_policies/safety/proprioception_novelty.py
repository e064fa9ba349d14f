# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Does the robot move as it did when everything was well? A load or a weak motor says no."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import VelocityCommand
from robot_policies.core.errors import CheckpointError
from robot_policies.core.novelty import Novelty, NoveltyDetector
from robot_policies.core.params import param
from robot_policies.core.rotations import projected_gravity
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety.novelty_reaction import NoveltyReaction, ReactionConfig
from robot_policies.safety.proprioception_window import ProprioceptionWindow
from robot_policies.safety.state import SafetyState

SAMPLE_S = 0.02
_GAP_S = 0.2


@dataclass(frozen=True, kw_only=True)
class ProprioceptionNoveltyConfig(ReactionConfig):
    """The window, which the checkpoint fixes, and how long novelty has to last for what."""

    time_constant_s: float = param(
        0.8, doc='Length of the fading window.', unit='s', low=0.05, high=10.0
    )


class ProprioceptionNovelty:
    """LIMIT, then HOLD, when the motion stays unlike the data that the checkpoint was fitted to.

    It needs a checkpoint that `robot-policies train go2_proprioception_novelty` makes.
    """

    config_class: ClassVar[type] = ProprioceptionNoveltyConfig
    gates: ClassVar[tuple[str, ...]] = ('velocity',)

    def __init__(self, config: ProprioceptionNoveltyConfig, context: PluginContext) -> None:
        """Take up the fitted statistics.

        Raises:
            CheckpointError: There are none, or they are of another robot.
        """
        self._detector = NoveltyDetector.of_checkpoint(context)
        size = 4 * len(context.robot.joint_names) + 9
        if self._detector.size != size:
            raise CheckpointError(f'novelty: fitted to {self._detector.size}, expected {size}')
        self._window = ProprioceptionWindow(config.time_constant_s)
        self._reaction = NoveltyReaction(config)
        self.reset()

    def reset(self) -> None:
        """Forget how the robot moved."""
        self._window.reset()
        self._reaction.reset()
        self._sampled_ns: int | None = None
        self.novelty: Novelty | None = None

    def check(
        self, command: VelocityCommand, state: SafetyState, now_ns: int
    ) -> Verdict[VelocityCommand]:
        """Take a sample every 20 ms while the robot is engaged, and judge."""
        if state.engaged_ns is None:
            self.reset()
            return Verdict(Severity.PASS, command)
        if self._sampled_ns is None or now_ns - self._sampled_ns >= 0.9 * SAMPLE_S * 1e9:
            self._sample(state, now_ns)
        if self.novelty is None:
            return Verdict(Severity.PASS, command)
        return self._reaction.verdict(self.novelty, command, 'the motion is', now_ns)

    def _sample(self, state: SafetyState, now_ns: int) -> None:
        target = state.last_command.position if state.last_command else None
        if state.joints is None or state.imu is None or target is None:
            return  # their silence is the business of `Freshness`
        dt_s = SAMPLE_S if self._sampled_ns is None else (now_ns - self._sampled_ns) * 1e-9
        if not 0.0 < dt_s <= _GAP_S:
            self._window.reset()
            dt_s = SAMPLE_S
        self._sampled_ns = now_ns
        vector = self._window.update(
            state.joints.position,
            state.joints.velocity,
            target,
            state.imu.angular_velocity,
            projected_gravity(state.imu.orientation),
            _followed(state),
            dt_s,
        )
        self.novelty = None if vector is None else self._detector.judge(vector, now_ns)


def _followed(state: SafetyState) -> FloatArray:
    return np.zeros(3) if state.last_velocity is None else state.last_velocity.as_array()
