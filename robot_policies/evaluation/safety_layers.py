# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Bodies whose supervisor is made of chosen layers, and what the layers did in an episode."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import LocomotionController
from robot_policies.core.data_types import VelocityCommand
from robot_policies.core.robot import RobotSpec
from robot_policies.core.verdict import Severity
from robot_policies.evaluation.instruction_bodies import PuppetBody, TICK_NS, WalkingBody
from robot_policies.named_checks import resolve_checks
from robot_policies.safety.assembly import build_supervisor, default_configure, prefix_of
from robot_policies.safety.supervisor import Supervisor
from robot_policies.sim.world import World

_HERE = 'robot_policies.safety'
_BASE = (f'{_HERE}.height:Height', f'{_HERE}.jump:Jump')
DISTANCE = f'{_HERE}.distance:Distance'
BARRIER = f'{_HERE}.base_barrier:BaseBarrier'
JOINT_BARRIER = f'{_HERE}.joint_barrier:JointBarrier'
NOVELTY = 'go2_proprioception_novelty'
_TICK_S = TICK_NS * 1e-9


@dataclass(frozen=True)
class Layers:
    """What stands between the checks that are always there: more checks, and rules."""

    checks: tuple[str, ...] = ()
    rules: str = ''


ALWAYS: Mapping[str, Layers] = MappingProxyType(
    {
        'none': Layers(),
        'distance': Layers((DISTANCE,)),
        'barrier': Layers((BARRIER,)),
        'rules': Layers(rules='go2'),
    }
)
"""Arms for every body; the first one is what the others are compared with."""
ON_LEGS: Mapping[str, Layers] = MappingProxyType(
    {'joint_barrier': Layers((JOINT_BARRIER,)), 'novelty': Layers((NOVELTY,))}
)
"""Arms that need joints which move."""


def arms(body: str) -> dict[str, Layers]:
    """Return name -> layers for a body (`puppet` or `walking`); `all` comes last."""
    made = {**ALWAYS, **(ON_LEGS if body == 'walking' else {})}
    checks = [check for layers in made.values() for check in layers.checks]
    return {**made, 'all': Layers(tuple(checks), 'go2')}


def supervisor_of(layers: Layers, robot: RobotSpec) -> Supervisor:
    """Build a supervisor with these layers."""
    found = resolve_checks((*_BASE, *layers.checks), layers.rules, robot)
    values = {prefix_of(spec): own for spec, own in found.values.items()}
    return build_supervisor(
        robot, extra=found.specs, configure=default_configure(values), contexts=found.contexts
    )


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


class LayeredPuppet(PuppetBody):
    """The puppet behind chosen layers."""

    def __init__(self, robot: RobotSpec, camera: str, make: Make) -> None:
        super().__init__(robot, camera)
        self.make, self.trace = make, LayerTrace()

    def enter(self, world: World, seed: int) -> None:
        """Stand at the start of a world at time zero."""
        super().enter(world, seed)
        self._supervisor, self.trace = self.make(), LayerTrace()

    def tick(self, wanted: VelocityCommand, now_ns: int) -> None:
        """Follow a velocity for 20 ms."""
        super().tick(wanted, now_ns)
        self.trace.note(self._supervisor)


class LayeredWalker(WalkingBody):
    """The walking robot behind chosen layers."""

    def __init__(
        self, robot: RobotSpec, controller: LocomotionController, camera: str, make: Make
    ) -> None:
        super().__init__(robot, controller, camera)
        self.make, self.trace = make, LayerTrace()

    def enter(self, world: World, seed: int) -> None:
        """Stand at the start of a world at time zero."""
        super().enter(world, seed)
        self._supervisor, self.trace = self.make(), LayerTrace()

    def tick(self, wanted: VelocityCommand, now_ns: int) -> None:
        """Follow a velocity for 20 ms."""
        super().tick(wanted, now_ns)
        self.trace.note(self._supervisor)


def _jerk(values: list[FloatArray]) -> float:
    """Root mean square of the second difference over time of (k, n) velocities or targets."""
    if len(values) < 3:
        return 0.0
    second = np.diff(np.array(values), n=2, axis=0) / _TICK_S**2
    return float(np.sqrt((second**2).sum(axis=1).mean()))
