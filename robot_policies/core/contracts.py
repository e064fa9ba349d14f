# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a plugin must offer. A plugin is a class with a frozen `config_class` and one verb.

Every plugin is constructed as `Class(config, context)`. It has no clock, no logger, no node and
opens no file: what it needs comes in its configuration and in the `PluginContext`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar, Protocol, runtime_checkable, TypeVar

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray
from robot_policies.core.committed_prefix import CommittedPrefix
from robot_policies.core.data_types import (
    ActionChunk,
    Features,
    Image,
    JointCommand,
    LocomotionObservation,
    Observation,
)
from robot_policies.core.robot import RobotSpec
from robot_policies.core.verdict import Verdict

CommandT = TypeVar('CommandT')


@dataclass(frozen=True)
class PluginContext:
    """What surrounds a plugin: the robot it runs on and the weights it was trained to.

    Attributes:
        robot: The robot.
        tensors: Weights by name; empty for a plugin that learned nothing.
        meta: What the checkpoint says of itself (training robot, normaliser, vocabulary, …).
    """

    robot: RobotSpec
    tensors: Mapping[str, npt.NDArray[np.generic]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    meta: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@runtime_checkable
class Encoder(Protocol):
    """Turns a frame into features."""

    config_class: ClassVar[type]

    def encode(self, frame: Image) -> Features:
        """Return the features of one frame, with the frame's stamp."""
        ...


@runtime_checkable
class Policy(Protocol):
    """Turns an observation into a chunk of actions."""

    config_class: ClassVar[type]

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the sources it needs, as in `camera/front`, `features/x`, `scan`, `joints`.

        `instruction` and `odom` always come.
        """
        ...

    def infer(self, observation: Observation) -> ActionChunk:
        """Return the chunk for one observation, with the observation's stamp."""
        ...

    def reset(self) -> None:
        """Forget everything that happened so far."""
        ...


@runtime_checkable
class PrefixPolicy(Policy, Protocol):
    """A policy that can also continue what is already being executed. This part is optional."""

    def infer_with_prefix(self, observation: Observation, prefix: CommittedPrefix) -> ActionChunk:
        """Return a chunk that begins with the frozen actions of `prefix` and goes on from them.

        A chunk that stands (`REACHED`, `NOT_SEEN`, …) need not keep to the prefix.
        """
        ...


@runtime_checkable
class ChunkScheduler(Protocol):
    """Decides when a policy is asked, how its chunks are merged, and what is executed now.

    Chunks of any width: base velocities, joint positions. Not shared between threads.
    """

    config_class: ClassVar[type]
    needs_prefix: ClassVar[bool]
    """True if it works only with a `PrefixPolicy`."""

    def is_due(self, now_ns: int, waiting: bool) -> bool:
        """Return whether to ask now; `waiting` while an answer is awaited."""
        ...

    def prefix(self, stamp_ns: int) -> CommittedPrefix | None:
        """Return what the answer to an observation of `stamp_ns` must agree with, if anything."""
        ...

    def observe(self, chunk: ActionChunk, now_ns: int) -> None:
        """Measure how late an answer is; comes before `merge`, and without it if it is late."""
        ...

    def merge(self, chunk: ActionChunk, now_ns: int, rest: FloatArray) -> None:
        """Take in a chunk that is valid and ends after now.

        Args:
            chunk: The chunk.
            now_ns: Now.
            rest: (width,) what is executed where there is no plan.
        """
        ...

    def sample(self, now_ns: int) -> FloatArray | None:
        """Return (width,) what to execute now, or None: stand or hold."""
        ...

    def end_ns(self) -> int | None:
        """Return when the plan ends, or None without one."""
        ...

    def problem(self) -> str:
        """Return in words why it cannot keep up with the policy, or nothing."""
        ...

    def numbers(self) -> Mapping[str, float]:
        """Return what it measured, by name with unit, e.g. `delay_ms`."""
        ...

    def reset(self) -> None:
        """Forget the plan; measured delays stay."""
        ...


@runtime_checkable
class LocomotionController(Protocol):
    """Turns proprioception and a velocity command into a joint command."""

    config_class: ClassVar[type]

    def step(self, observation: LocomotionObservation, dt_s: float) -> JointCommand:
        """Return the joint command for one control step, with the joint state's stamp."""
        ...

    def reset(self) -> None:
        """Forget history and phase; the next step starts from standing."""
        ...


@runtime_checkable
class SafetyCheck(Protocol[CommandT]):
    """Judges one command. Checks run in order; each sees the command as limited so far."""

    config_class: ClassVar[type]

    def check(self, command: CommandT, state: Any, now_ns: int) -> Verdict[CommandT]:  # noqa: ANN401
        """Return the verdict on `command` in `state` (a `safety.state.SafetyState`)."""
        ...

    def reset(self) -> None:
        """Forget everything that happened so far."""
        ...


@runtime_checkable
class Planner(Protocol):
    """Turns an instruction and a scene into typed sub-goals."""

    config_class: ClassVar[type]

    def plan(self, instruction: str, scene: Any) -> Sequence[Any]:  # noqa: ANN401
        """Return the sub-goals in order."""
        ...
