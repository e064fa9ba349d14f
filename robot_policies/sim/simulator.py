# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A robot in a world, in MuJoCo: joint commands in, sensor values out. Time is passed in.

The same simulator runs behind the simulator node and in evaluations without ROS.
"""

from dataclasses import dataclass, replace

import mujoco
import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import Imu, JointCommand, JointState, Odometry, Scan
from robot_policies.core.joint_driver import Drive, JointDriver
from robot_policies.core.params import param
from robot_policies.core.robot import RobotSpec
from robot_policies.core.rotations import yaw
from robot_policies.sim.camera import add_cameras
from robot_policies.sim.referee import Event, Referee
from robot_policies.sim.robot_model import build_robot_spec, FINE, standing_qpos
from robot_policies.sim.scene import add_world
from robot_policies.sim.sensors import base_pose, NoiseConfig, Sensors
from robot_policies.sim.world import Push, World

NS = 1_000_000_000
_DROP_M = 0.01


@dataclass(frozen=True, kw_only=True)
class SimulatorConfig:
    """How the robot is simulated."""

    physics_step_s: float = param(
        0.0025, doc='Length of a physics step.', unit='s', low=0.0005, high=0.005
    )
    actuator_latency_s: float = param(
        0.002, doc='From a joint command to its effect.', unit='s', low=0.0, high=0.1
    )
    command_timeout_s: float = param(
        0.085,
        doc='Without joint commands for this long it is damped.',
        unit='s',
        low=0.01,
        high=1.0,
    )
    payload_kg: float = param(0.0, doc='Mass added to the base.', unit='kg', low=-3.0, high=10.0)
    foot_friction: float = param(0.8, doc='Friction of the feet.', low=0.1, high=2.0)
    strength: float = param(
        1.0, doc='Factor on gains and torque limits of the motors.', low=0.3, high=1.5
    )


@dataclass(frozen=True, eq=False)
class Stage:
    """A robot in a world, ready to be simulated.

    Attributes:
        world: The world.
        model: Robot and world.
    """

    world: World
    model: mujoco.MjModel


class StageBuilder:
    """Builds stages of one robot; may be used from another thread than the simulator."""

    def __init__(
        self, robot: RobotSpec, config: SimulatorConfig | None = None, *, visual: bool = False
    ) -> None:
        """Read the robot's description.

        Args:
            robot: The robot.
            config: How it is simulated.
            visual: Its shape is drawn, for films.
        """
        self._robot = robot
        self._config = SimulatorConfig() if config is None else config
        physics = replace(FINE, timestep_s=self._config.physics_step_s)
        self._spec = build_robot_spec(robot, visual=visual, effort_actuators=True, physics=physics)
        add_cameras(self._spec, robot)

    def build(self, world: World) -> Stage:
        """Put the robot into a world."""
        spec = self._spec.copy()
        add_world(spec, world)
        model = spec.compile()
        config, body = self._config, self._robot.body
        base = model.body(body.base_frame).id
        share = 1.0 + config.payload_kg / model.body_mass[base]
        model.body_mass[base] *= share
        model.body_inertia[base] *= share
        for foot in body.feet:
            model.geom(foot).friction[0] = config.foot_friction
        model.actuator_forcerange[:] *= config.strength
        for joint in self._robot.joint_names:
            model.jnt_actfrcrange[model.joint(joint).id] *= config.strength
        return Stage(world, model)


class Simulator:
    """One robot in one world at a time.

    Attributes:
        model: What is simulated.
        data: Its state.
        driver: Takes the joint commands.
        referee: Falls, collisions, closest approach; for evaluation only.
        time_s: Simulated since the reset.
        pushes: How often the robot was pushed since the reset.
    """

    def __init__(
        self,
        robot: RobotSpec,
        stage: Stage,
        config: SimulatorConfig | None = None,
        noise: NoiseConfig | None = None,
    ) -> None:
        """Create a simulator with the robot standing at the start, damped.

        Args:
            robot: The robot.
            stage: It in its world, from a `StageBuilder` with the same configuration.
            config: How it is simulated.
            noise: How wrong its sensors are.
        """
        self.robot = robot
        self.config = SimulatorConfig() if config is None else config
        self._noise = NoiseConfig() if noise is None else noise
        self.driver = JointDriver(
            robot,
            latency_ns=round(self.config.actuator_latency_s * NS),
            timeout_ns=round(self.config.command_timeout_s * NS),
        )
        self.enter(stage)

    @property
    def step_ns(self) -> int:
        """Length of a physics step."""
        return round(self.config.physics_step_s * NS)

    def enter(self, stage: Stage, seed: int = 0) -> None:
        """Go to another stage, and reset."""
        self.world, self.model = stage.world, stage.model
        self.data = mujoco.MjData(self.model)
        self._sensors = Sensors(self.robot, self.model, self._noise)
        self.referee = Referee(self.robot, self.world, self.model)
        names = self.robot.joint_names
        self._servos = np.array([self.model.actuator(name).id for name in names])
        self._motors = np.array([self.model.actuator(f'{name}_effort').id for name in names])
        self.reset(seed)

    def reset(self, seed: int = 0) -> None:
        """Stand at the start of the world, damped.

        Args:
            seed: Seed of the sensor noise.
        """
        x, y, heading = self.world.start
        mujoco.mj_resetData(self.model, self.data)
        ground = self.world.height_at(x, y)
        pose = standing_qpos(self.robot, self.robot.body.standing_height_m + ground + _DROP_M)
        pose[:2] = x, y
        pose[3:7] = [np.cos(heading / 2.0), 0.0, 0.0, np.sin(heading / 2.0)]
        self.data.qpos[: len(pose)] = pose
        mujoco.mj_forward(self.model, self.data)
        self.driver.reset()
        self.referee.reset()
        self._sensors.reset(seed, np.array([x, y, heading]))
        self._apply(self.driver.drive(0))
        self._schedule: list[Push] = list(self.world.pushes)
        self.time_s = 0.0
        self.pushes = 0

    def command(self, command: JointCommand, now_ns: int) -> bool:
        """Give the robot a joint command; False if its driver refuses it."""
        return self.driver.accept(command, now_ns)

    def step(self, now_ns: int) -> list[Event]:
        """Compute one physics step.

        Args:
            now_ns: The time that is reached with it, for the watchdog and the events.

        Returns:
            Falls and collisions that began in it.
        """
        drive = self.driver.drive(now_ns)
        if drive is not self._applied:
            self._apply(drive)
        mujoco.mj_step(self.model, self.data)
        self.time_s += self.config.physics_step_s
        while self._schedule and self._schedule[0].time_s <= self.time_s:
            push = self._schedule.pop(0)
            self.push(push.vx, push.vy)
        return self.referee.check(self.data, now_ns, stiff=self._stiff)

    def push(self, vx: float, vy: float) -> None:
        """Change the base's velocity at once, m/s in the world frame.

        Raises:
            ValueError: A number is not finite.
        """
        if not np.isfinite([vx, vy]).all():
            raise ValueError(f'a push of ({vx}, {vy}) m/s is not finite')
        self.data.qvel[:2] += vx, vy
        self.pushes += 1

    def joint_state(self, stamp_ns: int) -> JointState:
        """Return what the joint sensors say."""
        return self._sensors.joint_state(self.data, stamp_ns)

    def imu(self, stamp_ns: int) -> Imu:
        """Return what the IMU says."""
        return self._sensors.imu(self.data, stamp_ns)

    def odometry(self, stamp_ns: int) -> Odometry:
        """Return what the odometry says."""
        return self._sensors.odometry(self.data, stamp_ns)

    def scan(self, stamp_ns: int) -> Scan:
        """Return what the range sensor says."""
        return self._sensors.scan(self.data, stamp_ns)

    def ground_truth(self, stamp_ns: int) -> Odometry:
        """Return the true pose and velocity; for evaluation only."""
        return self._sensors.ground_truth(self.data, stamp_ns)

    @property
    def pose(self) -> FloatArray:
        """(3,) true x, y (m), yaw (rad); for evaluation only."""
        position, orientation = base_pose(self.data)
        return np.array([position[0], position[1], float(yaw(orientation))])

    def _apply(self, drive: Drive) -> None:
        model, data, strength = self.model, self.data, self.config.strength
        model.actuator_gainprm[self._servos, 0] = strength * drive.stiffness
        model.actuator_biasprm[self._servos, 1] = -strength * drive.stiffness
        model.actuator_biasprm[self._servos, 2] = -strength * drive.damping
        data.ctrl[self._servos] = drive.target
        data.ctrl[self._motors] = strength * drive.effort
        self._applied, self._stiff = drive, bool(drive.stiffness.any())
