# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Recorded motion rendered again in its world, from a camera that follows the robot."""

from collections.abc import Iterator

import mujoco
import numpy as np
from robot_policies.core.arrays import ByteArray
from robot_policies.core.robot import RobotSpec
from robot_policies.evaluation.run_summary_data import RunData, TimeArray
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


def replay(
    data: RunData, robot: RobotSpec, world: World, times: TimeArray, size: tuple[int, int]
) -> Iterator[ByteArray]:
    """Yield (H, W, 3) RGB of the robot as it was at each of some times.

    Args:
        data: The run, with ground truth and all joints of the robot.
        robot: The robot.
        world: Where it was.
        times: System time, ns.
        size: Width and height, px.

    Raises:
        RenderingError: Nothing can be rendered on this machine.
    """
    model = StageBuilder(robot, visual=True).build(world).model
    state = mujoco.MjData(model)
    addresses = [int(model.joint(name).qposadr[0]) for name in data.joint_names]
    motions, joints = data.motion.at(times), data.joints.at(times)
    renderer = CameraRenderer(*size, shadow_size=_SHADOW_SIZE)
    renderer.attach(model)
    camera = _Chase(motions[0, :3], float(motions[0, 3]))
    try:
        for motion, joint in zip(motions, joints, strict=True):
            state.qpos[:3] = motion[:3]
            state.qpos[3:7] = motion[[10, 7, 8, 9]]
            state.qpos[addresses] = joint
            mujoco.mj_kinematics(model, state)
            mujoco.mj_camlight(model, state)
            camera.follow(motion[:3], float(motion[3]))
            yield renderer.render(state, camera.view)
    finally:
        renderer.close()


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
