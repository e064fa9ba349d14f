# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Recorded motion rendered again in its world, from a camera that follows the robot."""

import mujoco
import numpy as np
from robot_policies.core.arrays import ByteArray
from robot_policies.core.robot import RobotSpec
from robot_policies.evaluation.run_summary_data import RunData
from robot_policies.sim.camera import CameraRenderer
from robot_policies.sim.simulator import StageBuilder
from robot_policies.sim.world import World

_DISTANCE_M = 1.9
_ELEVATION_DEG = -23.0
_ANGLE_DEG = 28.0
_FOLLOW, _SWING = 0.6, 0.2
"""Share by which the camera follows per frame; one that turns at once makes viewers sick."""
_SHADOW_SIZE = 1024
"""With smooth edges as well a frame takes three times as long in software rendering."""


class Replay:
    """The robot as it was at any time of a run."""

    def __init__(
        self, data: RunData, robot: RobotSpec, world: World, size: tuple[int, int]
    ) -> None:
        """Build the scene.

        Args:
            data: The run, with ground truth and all joints of the robot.
            robot: The robot.
            world: Where it was.
            size: Width and height, px.

        Raises:
            RenderingError: Nothing can be rendered on this machine.
        """
        self._data = data
        self._model = StageBuilder(robot, visual=True).build(world).model
        self._state = mujoco.MjData(self._model)
        self._joints = [int(self._model.joint(name).qposadr[0]) for name in data.joint_names]
        self._renderer = CameraRenderer(*size, shadow_size=_SHADOW_SIZE)
        self._renderer.attach(self._model)
        self._camera = _Chase(data.motion.values[0, :3], float(data.motion.values[0, 3]))

    def frame(self, time_ns: int) -> ByteArray:
        """Return (H, W, 3) RGB of one moment; moments come in order, for the camera's sake."""
        when = np.array([time_ns])
        motion, joint = self._data.motion.at(when)[0], self._data.joints.at(when)[0]
        state = self._state
        state.qpos[:3] = motion[:3]
        state.qpos[3:7] = motion[[10, 7, 8, 9]]
        state.qpos[self._joints] = joint
        mujoco.mj_kinematics(self._model, state)
        mujoco.mj_camlight(self._model, state)
        self._camera.follow(motion[:3], float(motion[3]))
        return self._renderer.render(state, self._camera.view)

    def close(self) -> None:
        """Give the graphics memory back."""
        self._renderer.close()


class _Chase:
    """Looks at the robot from behind, a little from the side."""

    def __init__(self, centre: np.ndarray, heading: float) -> None:
        self.view = mujoco.MjvCamera()
        self.view.distance, self.view.elevation = _DISTANCE_M, _ELEVATION_DEG
        self._centre, self._heading = centre, heading

    def follow(self, centre: np.ndarray, heading: float) -> None:
        self._centre = self._centre + _FOLLOW * (centre - self._centre)
        turn = (heading - self._heading + np.pi) % (2.0 * np.pi) - np.pi
        self._heading += _SWING * turn
        self.view.lookat[:] = self._centre
        self.view.azimuth = np.degrees(self._heading) + _ANGLE_DEG
