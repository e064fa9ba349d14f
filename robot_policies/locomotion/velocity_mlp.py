# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Walks to a velocity command with a small learned network: the controller of `go2_velocity`.

The network adds joint offsets to a trot that lifts the legs by a clock; it sees a short history
of gyro, gravity, joints and its own outputs. The layout (policies modulating a trajectory
generator) follows Iscen et al., *Policies Modulating Trajectory Generators*, 2018.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import JointCommand, LocomotionObservation
from robot_policies.core.errors import CheckpointError
from robot_policies.core.params import param
from robot_policies.core.robot import RobotSpec
from robot_policies.core.rotations import projected_gravity
from robot_policies.locomotion.dense import DenseNetwork
from robot_policies.locomotion.gait import Gait
from robot_policies.locomotion.hold import Hold, HoldLimits
from robot_policies.locomotion.proprioception import (
    build_frame,
    build_observation,
    observation_size,
    push_frame,
)
from robot_policies.locomotion.rise import Rise


@dataclass(frozen=True, kw_only=True)
class VelocityMlpConfig:
    """How the network's numbers become joint targets; written by the training recipe."""

    history: int = param(3, doc='Frames of proprioception that the network sees.', low=1, high=50)
    action_scale_rad: float = param(
        0.25, doc='Joint offset for an output of one.', unit='rad', low=0.01, high=2.0
    )
    frequency_hz: float = param(2.4, doc='Trot cycles per second.', unit='Hz', low=0.5, high=6.0)
    thigh_lift_rad: float = param(
        0.3, doc='Forward turn of a swinging thigh.', unit='rad', low=-1.5, high=1.5
    )
    calf_lift_rad: float = param(
        -0.6, doc='Fold of a swinging calf.', unit='rad', low=-2.0, high=2.0
    )
    moving_threshold: float = param(
        0.05, doc='Commands smaller than this mean stand.', unit='m/s', low=0.0, high=0.5
    )
    vx_trim: float = param(
        0.0, doc="Added to vx against the gait's own drift.", unit='m/s', low=-0.2, high=0.2
    )
    hold_after_s: float = param(
        0.5, doc='Calm time after which a standing robot rests.', unit='s', low=0.1, high=60.0
    )
    hold_gyro: float = param(
        0.15, doc='Turn rate that ends the rest.', unit='rad/s', low=0.0, high=2.0
    )
    hold_tilt_rad: float = param(
        0.05, doc='Tilt that ends the rest.', unit='rad', low=0.0, high=0.5
    )
    rise_s: float = param(
        1.5, doc='Time to rise from another pose after a reset.', unit='s', low=0.1, high=10.0
    )


class VelocityMlpBatch:
    """The controller on n robots at once; the plugin is the case n = 1."""

    def __init__(
        self,
        config: VelocityMlpConfig,
        robot: RobotSpec,
        tensors: Mapping[str, npt.NDArray[Any]],
        count: int,
    ) -> None:
        """Create it for `count` robots that all start now.

        Raises:
            CheckpointError: The weights do not fit the robot or one another.
        """
        joints = len(robot.joints)
        self._network = DenseNetwork(tensors)
        expected = (observation_size(joints, config.history), joints)
        if (self._network.inputs, self._network.outputs) != expected:
            raise CheckpointError(
                f'the network maps {self._network.inputs} numbers to {self._network.outputs}, '
                f'but robot {robot.name} with history {config.history} needs '
                f'{expected[0]} to {expected[1]}'
            )
        self._config = config
        self._gait = Gait(
            frequency_hz=config.frequency_hz,
            thigh_lift_rad=config.thigh_lift_rad,
            calf_lift_rad=config.calf_lift_rad,
            moving_threshold=config.moving_threshold,
        )
        self._default = robot.default_pose
        self._lower, self._upper = robot.per_joint('lower'), robot.per_joint('upper')
        self._action = np.zeros((count, joints))
        self._phase = np.zeros(count)
        self._history: FloatArray | None = None
        limits = HoldLimits(config.hold_after_s, config.hold_gyro, config.hold_tilt_rad)
        self._hold = Hold(limits, count, joints)

    def step(
        self,
        angular_velocity: FloatArray,
        gravity: FloatArray,
        position: FloatArray,
        velocity: FloatArray,
        command: FloatArray,
        dt_s: float,
    ) -> FloatArray:
        """Return (n, 12) joint targets, rad.

        Args:
            angular_velocity: (n, 3) rad/s, base frame.
            gravity: (n, 3) unit vector, base frame.
            position: (n, 12) rad.
            velocity: (n, 12) rad/s.
            command: (n, 3) vx, vy, yaw rate.
            dt_s: Time since the last step.
        """
        offset = position - self._default
        frame = build_frame(angular_velocity, gravity, offset, velocity, self._action)
        if self._history is None:
            self._history = np.repeat(frame[:, None], self._config.history, axis=1)
        else:
            self._history = push_frame(self._history, frame)
        moving = self._gait.is_moving(command)
        clock = self._gait.clock(self._phase, moving)
        trimmed = (command + np.array([self._config.vx_trim, 0.0, 0.0])) * moving[:, None]
        seen = build_observation(self._history, trimmed, clock)
        self._action = self._network(seen)
        self._phase = self._gait.advance(self._phase, moving, dt_s)
        lift = self._gait.reference(self._phase, moving)
        target = self._default + lift + self._config.action_scale_rad * self._action
        target = np.clip(target, self._lower, self._upper)
        target, held = self._hold.step(target, moving, angular_velocity, gravity, dt_s)
        # the network is told what was done: a robot that rests did the resting action
        rested = (target - self._default) / self._config.action_scale_rad
        self._action = np.where(held[:, None], rested, self._action)
        return target


class VelocityMlp:
    """Locomotion controller: history, gait clock and network."""

    config_class = VelocityMlpConfig

    def __init__(self, config: VelocityMlpConfig, context: PluginContext) -> None:
        """Create the controller.

        Raises:
            CheckpointError: The weights do not fit.
        """
        self._config = config
        self._context = context
        self.reset()

    @staticmethod
    def batch(config: VelocityMlpConfig, context: PluginContext, count: int) -> VelocityMlpBatch:
        """Return the same controller on `count` standing robots at once."""
        return VelocityMlpBatch(config, context.robot, context.tensors, count)

    def reset(self) -> None:
        """Forget history and phase; the next step starts from standing."""
        robot, tensors = self._context.robot, self._context.tensors
        self._batch = VelocityMlpBatch(self._config, robot, tensors, 1)
        self._rise = Rise(robot.default_pose, self._config.rise_s)

    def step(self, observation: LocomotionObservation, dt_s: float) -> JointCommand:
        """Return the joint targets for one control step.

        A robot that does not stand in its default pose is brought there first, at an even pace.
        """
        joints, imu = observation.joints, observation.imu
        target = self._rise.step(joints.position, dt_s)
        if target is None:
            target = self._batch.step(
                imu.angular_velocity[None],
                projected_gravity(imu.orientation)[None],
                joints.position[None],
                joints.velocity[None],
                observation.command.as_array()[None],
                dt_s,
            )[0]
        return JointCommand(stamp_ns=observation.stamp_ns, position=target)
