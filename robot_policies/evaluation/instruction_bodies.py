# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The robots that instructions are judged on: the walking one, and the legless puppet."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import LocomotionController
from robot_policies.core.data_types import (
    Image,
    Imu,
    JointCommand,
    JointState,
    LocomotionObservation,
    Odometry,
    Scan,
    VelocityCommand,
)
from robot_policies.core.robot import RobotSpec
from robot_policies.core.verdict import Severity
from robot_policies.safety import state as sources
from robot_policies.safety.assembly import build_supervisor
from robot_policies.safety.state import SafetyState
from robot_policies.sim.camera import CameraRenderer
from robot_policies.sim.puppet import Puppet
from robot_policies.sim.simulator import Simulator, StageBuilder
from robot_policies.sim.world import World

MS = 1_000_000
TICK_NS = 20 * MS
_SAFETY_NS = 5 * MS
_SCAN_TICKS = 3
_HEARD = (
    sources.JOINT_STATES,
    sources.IMU,
    sources.ODOM,
    sources.SCAN,
    sources.LOCOMOTION,
    sources.POLICY,
)


@dataclass(frozen=True)
class Mishaps:
    """What went wrong since the robot entered the world."""

    falls: int
    collisions: int
    limits: int
    """Ticks in which the supervisor reduced or refused the velocity."""


class Body:
    """A robot in a world, supervised, moved in ticks of 20 ms."""

    def enter(self, world: World, seed: int) -> None:
        """Stand at the start of a world at time zero."""
        raise NotImplementedError

    def tick(self, wanted: VelocityCommand, now_ns: int) -> None:
        """Follow a velocity, as far as the supervisor lets it, until `now_ns` + 20 ms."""
        raise NotImplementedError

    def odometry(self, now_ns: int) -> Odometry:
        """Return what the odometry says."""
        raise NotImplementedError

    def scan(self, now_ns: int) -> Scan:
        """Return the newest scan."""
        raise NotImplementedError

    def image(self, now_ns: int) -> Image:
        """Return a picture of now."""
        raise NotImplementedError

    @property
    def pose(self) -> FloatArray:
        """(3,) true x, y, heading."""
        raise NotImplementedError

    @property
    def mishaps(self) -> Mishaps:
        """What went wrong so far."""
        raise NotImplementedError

    def _state(self, now_ns: int) -> SafetyState:
        """Return what the supervisor knows at `now_ns`."""
        raise NotImplementedError


class WalkingBody(Body):
    """The simulated robot on its legs: physics, locomotion, both gates of the supervisor."""

    def __init__(self, robot: RobotSpec, controller: LocomotionController, camera: str) -> None:
        """Build it.

        Args:
            robot: The robot.
            controller: Walks.
            camera: Name of the camera.
        """
        self._robot, self._controller, self._camera = robot, controller, robot.camera(camera)
        self._builder = StageBuilder(robot)
        self._renderer = CameraRenderer(self._camera.width, self._camera.height)
        self._simulator: Simulator | None = None

    @property
    def simulator(self) -> Simulator:
        """The simulator; `enter` makes it."""
        assert self._simulator is not None, 'enter a world first'
        return self._simulator

    def enter(self, world: World, seed: int) -> None:
        """Stand at the start of a world at time zero."""
        stage = self._builder.build(world)
        if self._simulator is None:
            self._simulator = Simulator(self._robot, stage)
        self._simulator.enter(stage, seed)
        self._renderer.attach(stage.model)
        self._controller.reset()
        self._supervisor = build_supervisor(self._robot)
        self._since_ns, self._ticks, self._limits = 0, 0, 0
        self._allowed = VelocityCommand(0)
        self._scan = self._simulator.scan(0)

    def tick(self, wanted: VelocityCommand, now_ns: int) -> None:
        """Follow a velocity for 20 ms."""
        simulator = self.simulator
        if self._ticks % _SCAN_TICKS == 0:
            self._scan = simulator.scan(now_ns)
        self._ticks += 1
        state = self._state(now_ns)
        verdict = self._supervisor.judge_velocity(wanted, state, now_ns)
        self._limits += verdict.severity > Severity.PASS
        assert state.joints is not None
        assert state.imu is not None
        seen = LocomotionObservation(now_ns, state.joints, state.imu, verdict.command)
        command = self._controller.step(seen, TICK_NS / 1e9)
        for begin_ns in range(now_ns, now_ns + TICK_NS, _SAFETY_NS):
            answer = self._supervisor.judge(command, self._state(begin_ns), begin_ns)
            simulator.command(answer.command, begin_ns)
            for step in range(_SAFETY_NS // simulator.step_ns):
                simulator.step(begin_ns + (step + 1) * simulator.step_ns)

    def odometry(self, now_ns: int) -> Odometry:
        """Return what the odometry says."""
        return self.simulator.odometry(now_ns)

    def scan(self, now_ns: int) -> Scan:
        """Return the newest scan."""
        return self._scan

    def image(self, now_ns: int) -> Image:
        """Return a picture of now."""
        return Image(now_ns, self._renderer.render(self.simulator.data, self._camera.name))

    @property
    def pose(self) -> FloatArray:
        """(3,) true x, y, heading."""
        return self.simulator.pose

    @property
    def mishaps(self) -> Mishaps:
        """What went wrong so far."""
        referee = self.simulator.referee
        return Mishaps(referee.falls, referee.collisions, self._limits)

    def _state(self, now_ns: int) -> SafetyState:
        simulator = self.simulator
        return SafetyState(
            since_ns=self._since_ns,
            joints=simulator.joint_state(now_ns),
            imu=simulator.imu(now_ns),
            odometry=simulator.odometry(now_ns),
            scan=self._scan,
            heard=dict.fromkeys(_HEARD, now_ns),
            velocity_source=sources.POLICY,
        )


class PuppetBody(Body):
    """The puppet behind the supervisor's velocity gate; its joints always stand."""

    def __init__(self, robot: RobotSpec, camera: str) -> None:
        """Build it.

        Args:
            robot: The robot.
            camera: Name of the camera.
        """
        self._robot, self._camera = robot, robot.camera(camera)
        renderer = CameraRenderer(self._camera.width, self._camera.height)
        self._puppet = Puppet(robot, renderer)
        zeros = np.zeros(len(robot.joints))
        self._standing = (robot.default_pose, zeros, zeros)

    def enter(self, world: World, seed: int) -> None:
        """Stand at the start of a world at time zero."""
        self._puppet.enter(world, seed)
        self._supervisor = build_supervisor(self._robot)
        self._ticks, self._limits, self._collisions, self._touching = 0, 0, 0, False

    def tick(self, wanted: VelocityCommand, now_ns: int) -> None:
        """Follow a velocity for 20 ms."""
        if self._ticks % _SCAN_TICKS == 0:
            self._scan = self._puppet.scan(now_ns)
        self._ticks += 1
        state = self._state(now_ns)
        standing = JointCommand(now_ns, position=self._robot.default_pose)
        self._supervisor.judge(standing, state, now_ns)
        verdict = self._supervisor.judge_velocity(wanted, state, now_ns)
        self._limits += verdict.severity > Severity.PASS
        self._puppet.step(verdict.command.as_array(), TICK_NS / 1e9)
        touching = self._puppet.collided
        self._collisions += touching and not self._touching
        self._touching = touching

    def odometry(self, now_ns: int) -> Odometry:
        """Return what the odometry says."""
        return self._puppet.odometry(now_ns)

    def scan(self, now_ns: int) -> Scan:
        """Return the newest scan."""
        return self._scan

    def image(self, now_ns: int) -> Image:
        """Return a picture of now."""
        return Image(now_ns, self._puppet.image(self._camera.name))

    @property
    def pose(self) -> FloatArray:
        """(3,) true x, y, heading."""
        return self._puppet.pose.copy()

    @property
    def mishaps(self) -> Mishaps:
        """What went wrong so far."""
        return Mishaps(0, self._collisions, self._limits)

    def _state(self, now_ns: int) -> SafetyState:
        return SafetyState(
            since_ns=0,
            joints=JointState(now_ns, *self._standing),
            imu=Imu(now_ns, np.array([0, 0, 0, 1.0]), np.zeros(3), np.array([0, 0, 9.81])),
            odometry=self._puppet.odometry(now_ns),
            scan=self._scan,
            heard=dict.fromkeys(_HEARD, now_ns),
            velocity_source=sources.POLICY,
        )


BODIES: Sequence[str] = ('walking', 'puppet')
