# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Films a robot in its world from behind and above, for pictures and GIFs."""

import mujoco
import numpy as np
from robot_policies.core.arrays import ByteArray
from robot_policies.core.rotations import yaw
from robot_policies.sim.camera import CameraRenderer
from robot_policies.sim.sensors import base_pose

_DISTANCE_M = 2.4
_ELEVATION_DEG = -24.0
_LOOK_ABOVE_M = 0.05


class ChaseCamera:
    """A camera that follows the base of a robot and swings round behind it softly."""

    def __init__(
        self,
        model: mujoco.MjModel,
        width: int = 480,
        height: int = 360,
        *,
        swing: float = 0.06,
        angle_rad: float = 0.5,
        samples: int = 4,
        shadow_size: int = 1024,
    ) -> None:
        """Create a camera.

        Args:
            model: Robot (with its visuals) and world; its base is the first free joint.
            width: Image width, px.
            height: Image height, px.
            swing: Share of the way that it follows the robot per frame, in (0, 1]; 1 is rigid.
            samples: Samples per pixel; 0 is three times as fast as 4.
            shadow_size: Resolution of the shadows; 0, for none, is three times as fast.
            angle_rad: It looks from this much beside straight behind, so that legs are seen.

        Raises:
            RenderingError: There is no off-screen OpenGL.
        """
        self._renderer = CameraRenderer(width, height, samples=samples, shadow_size=shadow_size)
        self._renderer.attach(model)
        self._swing, self._angle = swing, angle_rad
        self._camera = mujoco.MjvCamera()
        self._camera.type = mujoco.mjtCamera.mjCAMERA_FREE
        self._camera.distance = _DISTANCE_M
        self._camera.elevation = _ELEVATION_DEG
        self._heading: float | None = None
        self._target = np.zeros(3)

    def frame(self, data: mujoco.MjData) -> ByteArray:
        """Return (H, W, 3) RGB of the state, which has its positions computed."""
        position, orientation = base_pose(data)
        heading = float(yaw(orientation))
        if self._heading is None:
            self._heading, self._target = heading, position
        turn = (heading - self._heading + np.pi) % (2.0 * np.pi) - np.pi
        self._heading += self._swing * turn
        self._target = self._target + min(3.0 * self._swing, 1.0) * (position - self._target)
        self._camera.azimuth = float(np.degrees(self._heading + self._angle))
        self._camera.lookat[:] = self._target + np.array([0.0, 0.0, _LOOK_ABOVE_M])
        return self._renderer.render(data, self._camera)

    def close(self) -> None:
        """Give the graphics memory back."""
        self._renderer.close()
