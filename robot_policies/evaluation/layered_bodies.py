# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Bodies whose supervisor is made of chosen layers, and what the layers did in an episode."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import LocomotionController
from robot_policies.core.data_types import Image, VelocityCommand
from robot_policies.core.novelty import Novelty
from robot_policies.core.picture_novelty import PictureNovelty
from robot_policies.core.plugins import create
from robot_policies.core.robot import RobotSpec
from robot_policies.core.verdict import Severity
from robot_policies.evaluation.instruction_bodies import Body, PuppetBody, TICK_NS, WalkingBody
from robot_policies.evaluation.safety_layers import CAMERA_NOVELTY, ENCODER
from robot_policies.resources import load_checkpoint
from robot_policies.safety.state import NOVELTY, SafetyState
from robot_policies.safety.supervisor import Supervisor
from robot_policies.sim.world import World

_TICK_S = TICK_NS * 1e-9
_LOOK_NS = 200_000_000
"""The policy looks about as often while it acts."""


class LayerTrace:
    """What left the supervisor in an episode, tick by tick."""

    def __init__(self) -> None:
        self._severities: list[tuple[int, int]] = []
        self._checks: dict[str, int] = {}
        self._velocities: list[FloatArray] = []
        self._targets: list[FloatArray] = []

    def note(self, supervisor: Supervisor) -> None:
        """Take a tick."""
        velocity, joint = supervisor.velocity_verdict, supervisor.joint_verdict
        assert velocity is not None
        assert joint is not None
        now = (int(velocity.severity), int(joint.severity))
        before = self._severities[-1] if self._severities else (0, 0)
        for verdict, last in ((velocity, before[0]), (joint, before[1])):
            if verdict.severity > Severity.PASS and not last:
                self._checks[verdict.check] = self._checks.get(verdict.check, 0) + 1
        self._severities.append(now)
        passed = velocity.severity < Severity.HOLD
        self._velocities.append(velocity.command.as_array() if passed else np.zeros(3))
        if joint.command.position is not None:
            self._targets.append(joint.command.position)

    def numbers(self) -> dict[str, float | dict[str, int]]:
        """Return interventions (begins of a reaction), their share of time, and smoothness."""
        acting = np.array(self._severities).reshape(-1, 2).max(axis=1) > 0
        return {
            'interventions': sum(self._checks.values()),
            'by_check': dict(sorted(self._checks.items())),
            'acting_share': float(acting.mean()) if len(acting) else 0.0,
            'velocity_jerk': _jerk(self._velocities),
            'target_jerk': _jerk(self._targets),
            'seconds': len(self._severities) * _TICK_S,
        }


Make = Callable[[], Supervisor]


class Layering:
    """What a layered body does beside its own work: it makes, watches and notes."""

    def __init__(self, make: Make, robot: RobotSpec) -> None:
        """Prepare.

        Args:
            make: Makes the supervisor of the next episode.
            robot: Whose pictures are judged.
        """
        self._make, self._robot = make, robot
        self._watch: CameraWatch | None = None
        self._novelty: Novelty | None = None
        self.supervisor, self.trace = make(), LayerTrace()

    def begin(self) -> Supervisor:
        """Begin an episode; return its supervisor."""
        self.supervisor, self.trace, self._novelty = self._make(), LayerTrace(), None
        return self.supervisor

    def wants_picture(self, now_ns: int) -> bool:
        """Whether a layer asks for pictures and nobody has taken one: a camera always runs."""
        seen_ns = -_LOOK_NS if self._novelty is None else self._novelty.stamp_ns
        return NOVELTY in self.supervisor.needs and now_ns - seen_ns >= _LOOK_NS

    def see(self, image: Image) -> Image:
        """Judge a picture if a layer asks for that; return it."""
        if NOVELTY in self.supervisor.needs:
            self._watch = self._watch or CameraWatch(self._robot)
            self._novelty = self._watch.judge(image)
        return image

    def complete(self, state: SafetyState) -> SafetyState:
        """Add to a state what the picture said."""
        if self._novelty is None:
            return state
        heard = {**state.heard, NOVELTY: self._novelty.stamp_ns}
        return replace(state, novelty=self._novelty, heard=heard)

    def note(self) -> None:
        """Note a tick."""
        self.trace.note(self.supervisor)


class CameraWatch:
    """Says how novel pictures are, as the encoder's node does beside a running stack."""

    def __init__(self, robot: RobotSpec) -> None:
        """Load the shipped encoder and detector."""
        plugin, values, context = load_checkpoint(ENCODER, robot)
        self._encoder = create(plugin, verb='encode', values=values, context=context)
        _, _, context = load_checkpoint(CAMERA_NOVELTY, robot)
        self._detector = PictureNovelty(context)

    def judge(self, image: Image) -> Novelty:
        """Return how novel a picture is."""
        return self._detector.judge(image, self._encoder.encode(image))


class LayeredBody(Body):
    """A body behind chosen layers; the body itself comes after it among the bases."""

    layering: Layering

    def enter(self, world: World, seed: int) -> None:
        """Stand at the start of a world at time zero."""
        super().enter(world, seed)
        self._supervisor = self.layering.begin()

    def tick(self, wanted: VelocityCommand, now_ns: int) -> None:
        """Follow a velocity for 20 ms."""
        if self.layering.wants_picture(now_ns):
            self.image(now_ns)
        super().tick(wanted, now_ns)
        self.layering.note()

    def image(self, now_ns: int) -> Image:
        """Return a picture of now."""
        return self.layering.see(super().image(now_ns))

    def _state(self, now_ns: int) -> SafetyState:
        return self.layering.complete(super()._state(now_ns))


class LayeredPuppet(LayeredBody, PuppetBody):
    """The puppet behind chosen layers."""

    def __init__(self, robot: RobotSpec, camera: str, make: Make) -> None:
        super().__init__(robot, camera)
        self.layering = Layering(make, robot)


class LayeredWalker(LayeredBody, WalkingBody):
    """The walking robot behind chosen layers."""

    def __init__(
        self, robot: RobotSpec, controller: LocomotionController, camera: str, make: Make
    ) -> None:
        super().__init__(robot, controller, camera)
        self.layering = Layering(make, robot)


def _jerk(values: list[FloatArray]) -> float:
    """Root mean square of the second difference over time of (k, n) velocities or targets."""
    if len(values) < 3:
        return 0.0
    second = np.diff(np.array(values), n=2, axis=0) / _TICK_S**2
    return float(np.sqrt((second**2).sum(axis=1).mean()))
