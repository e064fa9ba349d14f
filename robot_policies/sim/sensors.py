# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a simulated robot's sensors say, with the noise that is asked for."""

from dataclasses import dataclass

import mujoco
import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import Imu, JointState, Odometry, Scan
from robot_policies.core.params import param
from robot_policies.core.robot import RobotSpec
from robot_policies.core.rotations import yaw
from robot_policies.sim.ray_scan import RayScanner


@dataclass(frozen=True, kw_only=True)
class NoiseConfig:
    """How wrong the sensors are: standard deviations, and the drift of the odometry."""

    joint_position_rad: float = param(
        0.003, doc='Noise of joint positions.', unit='rad', low=0.0, high=0.2
    )
    joint_velocity_rad_s: float = param(
        0.1, doc='Noise of joint velocities.', unit='rad/s', low=0.0, high=5.0
    )
    gyro_rad_s: float = param(0.03, doc='Noise of the gyroscope.', unit='rad/s', low=0.0, high=2.0)
    accelerometer_m_s2: float = param(
        0.1, doc='Noise of the accelerometer.', unit='m/s²', low=0.0, high=10.0
    )
    tilt_rad: float = param(0.005, doc='Noise of the orientation.', unit='rad', low=0.0, high=0.2)
    scan_m: float = param(0.005, doc='Noise of the ranges.', unit='m', low=0.0, high=0.5)
    pixel: float = param(0.0, doc='Noise of the brightness of pixels, of 255.', low=0.0, high=50.0)
    odometry_scale: float = param(
        0.0, doc='Odometry gains or loses this share of the way.', low=-0.5, high=0.5
    )
    odometry_yaw_rad_m: float = param(
        0.0, doc='Odometry turns away this much per metre.', unit='rad/m', low=-0.5, high=0.5
    )


class Sensors:
    """Reads a robot's sensors out of MuJoCo's state. Joint order is the robot's."""

    def __init__(self, robot: RobotSpec, model: mujoco.MjModel, noise: NoiseConfig) -> None:
        """Look up where everything is.

        Args:
            robot: The robot.
            model: Built by `robot_model.build_robot_spec`.
            noise: How wrong they are.
        """
        self._robot, self._model, self._noise = robot, model, noise
        joints = [model.joint(name) for name in robot.joint_names]
        self._positions = np.array([joint.qposadr[0] for joint in joints])
        self._velocities = np.array([joint.dofadr[0] for joint in joints])
        self._sensors = {
            name: slice(address, address + size)
            for name, size in (('orientation', 4), ('gyro', 3), ('accelerometer', 3))
            for address in [int(model.sensor(f'imu_{name}').adr[0])]
        }
        self._scanner = None if robot.scan is None else RayScanner(robot.scan)
        self.reset(0, np.zeros(3))

    def reset(self, seed: int, pose: FloatArray) -> None:
        """Begin anew: the odometry frame is aligned with the world.

        Args:
            seed: Seed of the noise.
            pose: (3,) x, y, yaw of the base.
        """
        self._rng = np.random.default_rng(seed)
        self._true_pose = pose.copy()
        self._odometry_pose = pose.copy()

    def joint_state(self, data: mujoco.MjData, stamp_ns: int) -> JointState:
        """Return positions, velocities and the motors' torques."""
        noise, count = self._noise, len(self._positions)
        draws = self._rng.standard_normal((2, count))
        return JointState(
            stamp_ns,
            data.qpos[self._positions] + noise.joint_position_rad * draws[0],
            data.qvel[self._velocities] + noise.joint_velocity_rad_s * draws[1],
            data.qfrc_actuator[self._velocities],
        )

    def imu(self, data: mujoco.MjData, stamp_ns: int) -> Imu:
        """Return orientation, turn rate and acceleration (gravity included) of the base."""
        noise, draws = self._noise, self._rng.standard_normal((3, 3))
        w, x, y, z = data.sensordata[self._sensors['orientation']]
        turned = _turned(np.array([x, y, z, w]), noise.tilt_rad * draws[0])
        gyro = data.sensordata[self._sensors['gyro']] + noise.gyro_rad_s * draws[1]
        force = data.sensordata[self._sensors['accelerometer']]
        return Imu(stamp_ns, turned, gyro, force + noise.accelerometer_m_s2 * draws[2])

    def scan(self, data: mujoco.MjData, stamp_ns: int) -> Scan:
        """Return the scan of the range sensor.

        Raises:
            RuntimeError: The robot has none.
        """
        if self._scanner is None:
            raise RuntimeError(f'robot {self._robot.name} has no range sensor')
        noise = self._noise.scan_m * self._rng.standard_normal(self._scanner.spec.rays)
        position, orientation = base_pose(data)
        return self._scanner.scan(self._model, data, position, orientation, stamp_ns, noise)

    def ground_truth(self, data: mujoco.MjData, stamp_ns: int) -> Odometry:
        """Return the true pose in the world and the velocity in the base frame."""
        position, orientation = base_pose(data)
        linear, inverse = np.empty(3), np.empty(4)
        mujoco.mju_negQuat(inverse, data.qpos[3:7])
        mujoco.mju_rotVecQuat(linear, data.qvel[:3], inverse)
        return Odometry(stamp_ns, position, orientation, linear, data.qvel[3:6].copy())

    def odometry(self, data: mujoco.MjData, stamp_ns: int) -> Odometry:
        """Return the pose as dead reckoning has it; call it at a steady rate, it integrates."""
        truth = self.ground_truth(data, stamp_ns)
        noise = self._noise
        if noise.odometry_scale == 0.0 and noise.odometry_yaw_rad_m == 0.0:
            return truth
        heading = float(yaw(truth.orientation))
        pose = np.array([truth.position[0], truth.position[1], heading])
        moved = pose - self._true_pose
        error = self._odometry_pose[2] - self._true_pose[2]
        way = float(np.hypot(moved[0], moved[1]))
        step = (1.0 + noise.odometry_scale) * _rotated(moved[:2], error)
        turn = (moved[2] + np.pi) % (2.0 * np.pi) - np.pi + noise.odometry_yaw_rad_m * way
        self._odometry_pose = self._odometry_pose + np.array([step[0], step[1], turn])
        self._true_pose = pose
        x, y, drifted = self._odometry_pose
        return Odometry(
            stamp_ns,
            np.array([x, y, truth.position[2]]),
            _turned_world(truth.orientation, drifted - heading),
            truth.linear_velocity,
            truth.angular_velocity,
        )


def base_pose(data: mujoco.MjData) -> tuple[FloatArray, FloatArray]:
    """Return (3,) position and (4,) quaternion (x, y, z, w) of the free base."""
    return data.qpos[:3].copy(), data.qpos[[4, 5, 6, 3]]


def _turned(quaternion: FloatArray, angles: FloatArray) -> FloatArray:
    """The rotation followed by a small one about its own axes."""
    x, y, z, w = quaternion
    a, b, c = angles / 2.0
    result = np.array(
        [x + w * a + y * c - z * b, y + w * b + z * a - x * c, z + w * c + x * b - y * a,
         w - x * a - y * b - z * c]
    )  # fmt: skip
    return np.asarray(result / np.linalg.norm(result))


def _turned_world(quaternion: FloatArray, angle: float) -> FloatArray:
    """The rotation, turned about the world's vertical."""
    x, y, z, w = quaternion
    s, c = np.sin(angle / 2.0), np.cos(angle / 2.0)
    return np.array([c * x - s * y, c * y + s * x, c * z + s * w, c * w - s * z])


def _rotated(vector: FloatArray, angle: float) -> FloatArray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([c * vector[0] - s * vector[1], s * vector[0] + c * vector[1]])
