# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Does the camera see what it saw in training? The encoder's process answers, this one acts."""

from dataclasses import dataclass
from typing import ClassVar

from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import VelocityCommand
from robot_policies.core.params import param
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety.novelty_reaction import NoveltyReaction, ReactionConfig
from robot_policies.safety.state import NOVELTY, SafetyState


@dataclass(frozen=True, kw_only=True)
class FeatureNoveltyConfig(ReactionConfig):
    """How long novelty, and silence about it, have to last for what."""

    silent_s: float = param(
        1.0, doc='Nothing heard about novelty for so long: HOLD.', unit='s', low=0.05, high=60.0
    )


class FeatureNovelty:
    """LIMIT, then HOLD, when what is seen stays unlike the data that the encoder knows.

    The score comes on the topic `novelty` from the node that holds the features, with a
    checkpoint that `robot-policies train go2_camera_novelty` makes.
    """

    config_class: ClassVar[type] = FeatureNoveltyConfig
    gates: ClassVar[tuple[str, ...]] = ('velocity',)
    needs: ClassVar[tuple[str, ...]] = (NOVELTY,)
    """Sources beyond those that the safety node always listens to."""

    def __init__(self, config: FeatureNoveltyConfig, context: PluginContext) -> None:
        self._silent_s = config.silent_s
        self._reaction = NoveltyReaction(config)

    def reset(self) -> None:
        """Forget what was novel."""
        self._reaction.reset()

    def check(
        self, command: VelocityCommand, state: SafetyState, now_ns: int
    ) -> Verdict[VelocityCommand]:
        """Judge by the newest score; silence stops the robot."""
        age_s = state.age_s(NOVELTY, now_ns)
        if state.novelty is None or age_s > self._silent_s:
            reason = f'{NOVELTY} is {age_s * 1e3:.0f} ms old, limit {self._silent_s * 1e3:.0f}'
            return Verdict(Severity.HOLD, command, reason)
        return self._reaction.verdict(state.novelty, command, 'what is seen is', now_ns)
