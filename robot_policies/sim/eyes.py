# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The sensors that take milliseconds: cameras and scan, on a copy of the state.

Physics cannot wait for them, so they run in a thread of their own: `Eyes` belongs to the thread
that constructs it, and the state comes as a `Glimpse`.
"""

from dataclasses import dataclass

import mujoco
import numpy as np
from robot_policies.core.arrays import ByteArray, FloatArray
from robot_policies.core.data_types import Image, Scan
from robot_policies.core.robot import RobotSpec
from robot_policies.sim.camera import CameraRenderer
from robot_policies.sim.sensors import NoiseConfig, Sensors
from robot_policies.sim.simulator import Stage


@dataclass(frozen=True, eq=False)
class Glimpse:
    """A moment to look at.

    Attributes:
        stage: Robot and world.
        qpos: (nq,) their positions, nobody else's.
        stamp_ns: When it was.
    """

    stage: Stage
    qpos: FloatArray
    stamp_ns: int


class Eyes:
    """Renders the cameras and casts the scan of a robot."""

    def __init__(self, robot: RobotSpec, noise: NoiseConfig, seed: int = 0) -> None:
        """Set up; graphics memory is taken at the first look.

        Args:
            robot: Whose cameras and scanner they are.
            noise: Noise of the scan and of the pixels.
            seed: Seed of the noise.

        Raises:
            RenderingError: It has cameras, but nothing can be rendered on this machine.
        """
        self._robot, self._noise, self._seed = robot, noise, seed
        self._rng = np.random.default_rng(seed)
        self._renderers = {c.name: CameraRenderer(c.width, c.height) for c in robot.cameras}
        self._stage: Stage | None = None

    def image(self, glimpse: Glimpse, camera: str) -> Image:
        """Return what a camera saw.

        Raises:
            KeyError: No such camera.
        """
        self._go_to(glimpse)
        pixels = self._renderers[camera].render(self._data, camera)
        return Image(glimpse.stamp_ns, self._noisy(pixels) if self._noise.pixel else pixels)

    def scan(self, glimpse: Glimpse) -> Scan:
        """Return what the range sensor saw."""
        self._go_to(glimpse)
        return self._sensors.scan(self._data, glimpse.stamp_ns)

    def close(self) -> None:
        """Give the graphics memory back."""
        for renderer in self._renderers.values():
            renderer.close()

    def _noisy(self, pixels: ByteArray) -> ByteArray:
        noise = self._rng.standard_normal(pixels.shape, np.float32) * self._noise.pixel
        return np.rint(pixels + noise).clip(0, 255).astype(np.uint8)

    def _go_to(self, glimpse: Glimpse) -> None:
        model = glimpse.stage.model
        if self._stage is not glimpse.stage:
            self._stage = glimpse.stage
            self._data = mujoco.MjData(model)
            self._sensors = Sensors(self._robot, model, self._noise)
            self._sensors.reset(self._seed, np.zeros(3))
            for renderer in self._renderers.values():
                renderer.attach(model)
        self._data.qpos[:] = glimpse.qpos
        mujoco.mj_kinematics(model, self._data)
        mujoco.mj_camlight(model, self._data)
