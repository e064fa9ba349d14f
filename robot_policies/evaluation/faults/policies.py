# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Policies that fail when they are told to: they stand inside the real policy node."""

from dataclasses import dataclass, replace
import time
from typing import ClassVar

import numpy as np
from robot_policies.core.committed_prefix import CommittedPrefix
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import ActionChunk, Observation
from robot_policies.core.params import param

WALK_M_S = 0.3
HOSTILE_M_S = 0.35
"""Sideways, where a good chunk has zero: seen at the robot, it was executed."""
BAD = ('late', 'duplicated', 'reordered', 'future', 'long', 'wide', 'nan', 'inf')
RAISING = 'robot_policies.evaluation.faults.policies:RaisingPolicy'
WIDE = 'robot_policies.evaluation.faults.policies:WidePolicy'
_STEPS, _DT_NS = 8, 100_000_000
STAGES_S, STAGE_ANSWERS = (0.1, 0.35, 1.0), 8
"""How long an answer takes, and how many take so long. The last is longer than a chunk."""
_SPEEDS = (1.0, 0.4)


@dataclass(frozen=True, kw_only=True)
class ScriptedPolicyConfig:
    """How it fails."""

    hang_s: float = param(3.0, doc='How long it hangs.', unit='s', low=0.1, high=60.0)
    good: int = param(5, doc='Good answers before the first bad one.', low=1, high=1000)


class ScriptedPolicy:
    """Walks ahead; the instruction says what else: `hang`, `slow`, `slower`, or `bad`."""

    config_class: ClassVar[type] = ScriptedPolicyConfig
    inputs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, config: ScriptedPolicyConfig, context: PluginContext) -> None:
        self._config = config
        self._answers = 0
        self._rng = np.random.default_rng(0)
        self._last_ns = 0

    def reset(self) -> None:
        """Begin anew with good answers."""
        self._answers = 0

    def infer(self, observation: Observation) -> ActionChunk:
        """Return a good chunk, or after a while what the instruction asks for."""
        self._answers += 1
        good = good_chunk(observation.stamp_ns)
        words = observation.instruction
        if self._answers <= self._config.good:
            self._last_ns = good.stamp_ns
            return good
        if 'slower' in words:
            return self._slower(good)
        if 'hang' in words:
            time.sleep(self._config.hang_s)
        elif 'slow' in words:
            time.sleep(2.0 * _STEPS * _DT_NS * 1e-9)
        elif 'bad' in words and self._answers % 2:
            return bad_chunk(BAD[self._rng.integers(len(BAD))], good.stamp_ns, self._last_ns)
        self._last_ns = good.stamp_ns
        return good

    def infer_with_prefix(self, observation: Observation, prefix: CommittedPrefix) -> ActionChunk:
        """Return the same, going on from what is committed."""
        chunk = self.infer(observation)
        return replace(chunk, actions=prefix.over(chunk.actions))

    def _slower(self, chunk: ActionChunk) -> ActionChunk:
        """Take longer from stage to stage, and change speed with every answer."""
        stage = (self._answers - self._config.good) // STAGE_ANSWERS
        time.sleep(STAGES_S[min(stage, len(STAGES_S) - 1)])
        share = _SPEEDS[self._answers % len(_SPEEDS)]
        return replace(chunk, actions=chunk.actions * share)


@dataclass(frozen=True, kw_only=True)
class BrokenPolicyConfig:
    """Nothing to choose."""


class RaisingPolicy:
    """Answers nothing."""

    config_class: ClassVar[type] = BrokenPolicyConfig
    inputs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, config: BrokenPolicyConfig, context: PluginContext) -> None:
        del config, context

    def reset(self) -> None:
        """Nothing is remembered."""

    def infer(self, observation: Observation) -> ActionChunk:
        """Raise."""
        raise RuntimeError('this policy is broken')


class WidePolicy(RaisingPolicy):
    """Answers for another robot."""

    def infer(self, observation: Observation) -> ActionChunk:
        """Return actions of seven numbers."""
        return ActionChunk(observation.stamp_ns, _DT_NS, np.zeros((_STEPS, 7)))


def good_chunk(stamp_ns: int) -> ActionChunk:
    """Return a chunk that walks ahead."""
    return ActionChunk(stamp_ns, _DT_NS, np.tile([WALK_M_S, 0.0, 0.0], (_STEPS, 1)))


def bad_chunk(kind: str, stamp_ns: int, last_ns: int) -> ActionChunk:
    """Return a chunk that must not be executed, and would be seen if it were.

    Args:
        kind: One of `BAD`.
        stamp_ns: Of the observation.
        last_ns: Stamp of the last good chunk.
    """
    steps, width, stamp = _STEPS, 3, stamp_ns
    if kind == 'late':
        stamp = stamp_ns - 2 * _STEPS * _DT_NS
    elif kind == 'duplicated':
        stamp = last_ns
    elif kind == 'reordered':
        stamp = last_ns - _DT_NS // 2
    elif kind == 'future':
        stamp = stamp_ns + 20 * _DT_NS
    elif kind == 'long':
        steps = 1000
    elif kind == 'wide':
        width = 7
    actions = np.zeros((steps, width))
    actions[:, 1] = HOSTILE_M_S
    if kind in ('nan', 'inf'):
        actions[steps // 2, 0] = float(kind)
    return ActionChunk(stamp, _DT_NS, actions)
