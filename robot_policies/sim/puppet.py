# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A robot without legs: a base that follows velocity commands as a walking robot would.

No physics is computed, so that hundreds of camera images per second and core come out of it. It
moves with the lag of a gait, sways and bobs as one, and sees the same world through the same
camera and scanner as the walking robot.
"""

from dataclasses import dataclass

import mujoco
import numpy as np
from robot_policies.core.arrays import ByteArray, FloatArray, frozen
from robot_policies.core.data_types import Odometry, Scan
from robot_policies.core.params import param
from robot_policies.core.robot import RobotSpec
from robot_policies.sim.camera import add_camera, CameraRenderer
from robot_policies.sim.ray_scan import RayScanner
from robot_policies.sim.scene import add_world
from robot_policies.sim.world import World

_BODY = 'puppet'


@dataclass(frozen=True, kw_only=True)
class PuppetConfig:
    """How the puppet follows commands."""

    lag_s: float = param(0.18, doc='Time constant of the velocity.', unit='s', low=0.01, high=2.0)
    gait_hz: float = param(2.2, doc='Strides per second.', unit='Hz', low=0.5, high=5.0)
    bob_m: float = param(0.006, doc='Amplitude of bobbing.', unit='m', low=0.0, high=0.1)
    sway_rad: float = param(
        0.02, doc='Amplitude of rolling and pitching.', unit='rad', low=0.0, high=0.3
    )
    slip: float = param(
        0.05, doc='Standard deviation of the relative error of speed.', low=0.0, high=0.5
    )


class Puppet:
    """A base in a world, with the robot's camera and range sensor.

    Time is the caller's: `step` advances it. A puppet may be set into world after world.
    """

    def __init__(
        self,
        robot: RobotSpec,
        renderer: CameraRenderer | None = None,
        config: PuppetConfig | None = None,
    ) -> None:
        """Create a puppet; `enter` sets it into a world.

        Args:
            robot: Whose body, cameras and scanner it has.
            renderer: Renders its cameras (of any image size); without one it is blind.
            config: How it moves.
        """
        self.robot = robot
        self.config = PuppetConfig() if config is None else config
        self._renderer = renderer
        self._scanner = None if robot.scan is None else RayScanner(robot.scan)
        body = robot.body
        self._high = body.highest_velocity
        self._low = body.lowest_velocity

    def enter(self, world: World, seed: int = 0) -> None:
        """Stand at the start of a world.

        Args:
            world: The world.
            seed: Decides slip and the phase of the gait.
        """
        spec = mujoco.MjSpec()
        body = spec.worldbody.add_body(name=_BODY, mocap=True)
        for camera in self.robot.cameras:
            add_camera(body, camera)
        add_world(spec, world)
        self.world = world
        self._model = spec.compile()
        self._data = mujoco.MjData(self._model)
        mujoco.mj_forward(self._model, self._data)
        if self._renderer is not None:
            self._renderer.attach(self._model)
        self._rng = np.random.default_rng(seed)
        self.place(*world.start)

    def place(self, x: float, y: float, yaw: float) -> None:
        """Stand still at a pose."""
        self.pose = np.array([x, y, yaw])
        self.velocity = np.zeros(3)
        self.time_s = 0.0
        self._phase = float(self._rng.uniform(0.0, 2.0 * np.pi))
        self._slip = 1.0 + self.config.slip * self._rng.standard_normal(3)

    def step(self, command: FloatArray, dt_s: float) -> None:
        """Follow a command for a while.

        Args:
            command: (3,) vx, vy (m/s), yaw rate (rad/s); clipped to the robot's limits.
            dt_s: How long, s.
        """
        target = np.clip(frozen(command, name='command', shape=(3,)), self._low, self._high)
        blend = 1.0 - np.exp(-dt_s / self.config.lag_s)
        mean = self.velocity + 0.5 * blend * (target - self.velocity)
        self.velocity = self.velocity + blend * (target - self.velocity)
        moved = mean * self._slip * dt_s
        heading = self.pose[2] + 0.5 * moved[2]
        cos, sin = np.cos(heading), np.sin(heading)
        self.pose[0] += cos * moved[0] - sin * moved[1]
        self.pose[1] += sin * moved[0] + cos * moved[1]
        self.pose[2] = (self.pose[2] + moved[2] + np.pi) % (2.0 * np.pi) - np.pi
        self._phase += 2.0 * np.pi * self.config.gait_hz * dt_s
        self.time_s += dt_s

    @property
    def clearances(self) -> FloatArray:
        """(objects + obstacles + 1,) m from the footprint, as in `World.clearances`."""
        x, y, yaw = self.pose
        return self.world.clearances(x, y, yaw, self.robot.body)

    @property
    def collided(self) -> bool:
        """True if the footprint touches an object, an obstacle or a wall."""
        return bool((self.clearances <= 0.0).any())

    def base(self) -> tuple[FloatArray, FloatArray]:
        """Return (3,) position and (4,) quaternion (x, y, z, w) of the base as it sways."""
        x, y, yaw = self.pose
        going = float(np.clip(np.abs(self.velocity / self._high).max() * 3.0, 0.0, 1.0))
        bob = going * self.config.bob_m * np.sin(2.0 * self._phase)
        roll = going * self.config.sway_rad * np.sin(self._phase)
        pitch = going * self.config.sway_rad * np.sin(2.0 * self._phase + 1.0)
        height = self.robot.body.standing_height_m + self.world.height_at(x, y)
        return np.array([x, y, height + bob]), _quaternion(roll, pitch, yaw)

    def odometry(self, stamp_ns: int = 0) -> Odometry:
        """Return the true pose and velocity."""
        position, orientation = self.base()
        vx, vy, yaw_rate = self.velocity
        linear, angular = np.array([vx, vy, 0.0]), np.array([0.0, 0.0, yaw_rate])
        return Odometry(stamp_ns, position, orientation, linear, angular)

    def image(self, camera: str) -> ByteArray:
        """Return (H, W, 3) RGB of one of the robot's cameras.

        Raises:
            RuntimeError: It has no renderer.
        """
        if self._renderer is None:
            raise RuntimeError('this puppet has no renderer')
        position, orientation = self.base()
        self._data.mocap_pos[0] = position
        self._data.mocap_quat[0] = orientation[[3, 0, 1, 2]]
        mujoco.mj_kinematics(self._model, self._data)
        mujoco.mj_camlight(self._model, self._data)
        return self._renderer.render(self._data, camera)

    def scan(self, stamp_ns: int = 0) -> Scan:
        """Return the scan of the robot's range sensor.

        Raises:
            RuntimeError: The robot has none.
        """
        if self._scanner is None:
            raise RuntimeError(f'robot {self.robot.name} has no range sensor')
        return self._scanner.scan(self._model, self._data, *self.base(), stamp_ns)


def _quaternion(roll: float, pitch: float, yaw: float) -> FloatArray:
    """Quaternion (x, y, z, w) of the rotation about z, then y, then x of the turned frame."""
    (sr, sp, sy), (cr, cp, cy) = (
        np.sin(np.array([roll, pitch, yaw]) / 2.0),
        np.cos(np.array([roll, pitch, yaw]) / 2.0),
    )
    return np.array(
        [
            sr * cp * cy - cr * sp * sy,
            cr * sp * cy + sr * cp * sy,
            cr * cp * sy - sr * sp * cy,
            cr * cp * cy + sr * sp * sy,
        ]
    )
