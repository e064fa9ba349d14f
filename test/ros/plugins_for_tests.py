# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Small plugins whose behaviour a test can steer by their configuration."""

from dataclasses import dataclass
import threading
import time
from typing import ClassVar

import numpy as np
from robot_policies.core.data_types import (
    ActionChunk,
    Features,
    Image,
    JointCommand,
    LocomotionObservation,
    Observation,
    PolicyStatus,
)
from robot_policies.core.errors import CheckpointError
from robot_policies.core.params import param

release = threading.Event()
"""A hanging policy hangs until it is set."""
think = {'s': 0.0}
"""How long a slow policy takes for an answer."""


@dataclass(frozen=True, kw_only=True)
class EchoControllerConfig:
    """How it fails, if it does."""

    gain: float = param(1.0, doc='Scale.', low=0.0, high=10.0)
    fails_on: str = param('', doc='nan, width, raise or nothing.')


class EchoController:
    """Commands the measured pose; the first joint carries vx, the second counts the resets."""

    config_class: ClassVar[type] = EchoControllerConfig

    def __init__(self, config, context):
        self.config = config
        self.resets = 0
        self.steps = 0

    def step(self, observation: LocomotionObservation, dt_s: float) -> JointCommand:
        self.steps += 1
        position = np.array(observation.joints.position)
        position[0] = self.config.gain * observation.command.vx
        position[1] = self.resets
        if self.steps > 1 and self.config.fails_on == 'nan':
            position[2] = np.nan
        if self.config.fails_on == 'width':
            position = position[:-1]
        if self.steps > 1 and self.config.fails_on == 'raise':
            raise RuntimeError('no idea how to walk')
        return JointCommand(observation.stamp_ns, position=position)

    def reset(self):
        self.resets += 1


class StandingController(EchoController):
    """Commands the measured pose, whatever it is told."""

    def step(self, observation: LocomotionObservation, dt_s: float) -> JointCommand:
        return JointCommand(observation.stamp_ns, position=observation.joints.position)


@dataclass(frozen=True, kw_only=True)
class StraightPolicyConfig:
    """Where to, and how badly."""

    vx: float = param(0.5, doc='Speed.', unit='m/s', low=-1.0, high=1.0)
    status: str = param('ACTING', doc='What it says.')
    message: str = param('', doc='In which words.')
    steps: int = param(30, doc='Actions per chunk.', low=1, high=100)
    first_dark: bool = param(False, doc='Hang once the first warm-up is over.')
    fails: bool = param(False, doc='Raise once the first warm-up is over.')
    broken: bool = param(False, doc='Refuse to be constructed.')
    inputs: tuple[str, ...] = param(('camera/front',), doc='What it needs.')


class StraightPolicy:
    """Walks straight on, whatever it is told."""

    config_class: ClassVar[type] = StraightPolicyConfig

    def __init__(self, config, context):
        if config.broken:
            raise CheckpointError('weights for another animal')
        self.config = config
        self.asked: list[Observation] = []
        self.resets = 0

    @property
    def inputs(self):
        return self.config.inputs

    def infer(self, observation: Observation) -> ActionChunk:
        warm = bool(self.asked)
        self.asked.append(observation)
        if warm and self.config.first_dark:
            release.wait(20.0)
        if warm and self.config.fails:
            raise RuntimeError('no idea where to go')
        actions = np.tile([self.config.vx, 0.0, 0.0], (self.config.steps, 1))
        status = PolicyStatus[self.config.status]
        return ActionChunk(observation.stamp_ns, 100_000_000, actions, status, self.config.message)

    def reset(self):
        self.resets += 1


class BrokenPolicy(StraightPolicy):
    """Answers something that cannot be executed."""

    def infer(self, observation):
        return ActionChunk(observation.stamp_ns, 100_000_000, np.full((3, 3), np.nan))


class FaultyPolicy(StraightPolicy):
    """Answers rightly at 0.1 m/s every fourth time, and wrongly at 1 m/s else."""

    def infer(self, observation):
        self.asked.append(observation)
        kind = len(self.asked) % 12
        stamp, actions = observation.stamp_ns, np.tile([1.0, 0.0, 0.0], (10, 1))
        if kind % 3 == 1:  # the first one, at warm-up, too
            actions = 0.1 * actions
        elif kind == 0:
            stamp -= 5_000_000_000  # late
        elif kind == 2:
            stamp = self.asked[-2].stamp_ns  # duplicated
        elif kind == 3:
            stamp = self.asked[-3].stamp_ns - 1  # reordered
        elif kind == 5:
            stamp += 10_000_000_000  # future
        elif kind == 6:
            actions = np.tile([1.0, 0.0], (10, 1))
        elif kind == 8:
            actions = np.tile([1.0, 0.0, 0.0], (100, 1))
        else:
            actions[5] = np.nan
        return ActionChunk(stamp, 100_000_000, actions)


class FastPolicy(StraightPolicy):
    """The same at another speed, and slow to load."""

    def __init__(self, config, context):
        super().__init__(config, context)
        time.sleep(0.5)

    def infer(self, observation):
        chunk = super().infer(observation)
        return ActionChunk(chunk.stamp_ns, chunk.dt_ns, 1.8 * chunk.actions)


class SlowPolicy(StraightPolicy):
    """Takes its time, wants another speed in every answer, and can continue a prefix."""

    def __init__(self, config, context):
        super().__init__(config, context)
        self.prefixes = []

    def infer(self, observation):
        time.sleep(think['s'] if self.asked else 0.0)
        chunk = super().infer(observation)
        scale = 1.0 if len(self.asked) % 2 else 0.6
        return ActionChunk(chunk.stamp_ns, chunk.dt_ns, scale * chunk.actions)

    def infer_with_prefix(self, observation, prefix):
        self.prefixes.append(prefix)
        chunk = self.infer(observation)
        return ActionChunk(chunk.stamp_ns, chunk.dt_ns, prefix.over(chunk.actions))


@dataclass(frozen=True, kw_only=True)
class MeanEncoderConfig:
    """Nothing to say."""

    tokens: int = param(4, doc='Rows.', low=1, high=100)


class MeanEncoder:
    """The mean colour, several times."""

    config_class: ClassVar[type] = MeanEncoderConfig

    def __init__(self, config, context):
        self.config = config

    def encode(self, frame: Image) -> Features:
        mean = frame.pixels.reshape(-1, 3).mean(axis=0)
        return Features(frame.stamp_ns, np.tile(mean, (self.config.tokens, 1)))
