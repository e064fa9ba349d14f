# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A planar range sensor by ray casting. It sees what is solid in the world, never the robot."""

import mujoco
import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import Scan
from robot_policies.core.robot import ScanSpec
from robot_policies.core.rotations import rotate
from robot_policies.sim.scene import SOLID_GROUP


class RayScanner:
    """Casts the rays of a robot's range sensor in a MuJoCo model."""

    def __init__(self, spec: ScanSpec) -> None:
        """Create a scanner; it may go from model to model.

        Args:
            spec: The sensor. Its rays start behind the robot, counter-clockwise.
        """
        self.spec = spec
        self.angle_increment_rad = 2.0 * np.pi / spec.rays
        angles = -np.pi + self.angle_increment_rad * np.arange(spec.rays)
        self._directions = np.stack([np.cos(angles), np.sin(angles), 0.0 * angles], axis=-1)
        self._position = np.array(spec.position)
        self._groups = np.zeros(6, dtype=np.uint8)
        self._groups[SOLID_GROUP] = 1
        self._hits = np.empty(spec.rays, dtype=np.int32)
        self._distances = np.empty(spec.rays)

    def scan(
        self,
        model: mujoco.MjModel,
        data: mujoco.MjData,
        base_position: FloatArray,
        base_orientation: FloatArray,
        stamp_ns: int,
        noise: FloatArray | None = None,
    ) -> Scan:
        """Return the scan from where the robot's base is.

        Args:
            model: The world.
            data: Its state, with positions computed.
            base_position: (3,) m.
            base_orientation: (4,) quaternion (x, y, z, w).
            stamp_ns: Time of the scan.
            noise: (rays,) m to add to what is hit, or None.

        Returns:
            Ranges in m, infinite where nothing is within the sensor's range.
        """
        origin = base_position + rotate(base_orientation, self._position)
        rays = rotate(base_orientation, self._directions)
        mujoco.mj_multiRay(
            model,
            data,
            origin,
            rays.ravel(),
            self._groups,
            1,
            -1,
            self._hits,
            self._distances,
            None,
            self.spec.rays,
            self.spec.range_max_m,
        )
        ranges = self._distances if noise is None else self._distances + noise
        missed = (self._hits < 0) | (ranges > self.spec.range_max_m)
        return Scan(
            stamp_ns=stamp_ns,
            angle_min_rad=-np.pi,
            angle_increment_rad=self.angle_increment_rad,
            range_min_m=self.spec.range_min_m,
            range_max_m=self.spec.range_max_m,
            ranges=np.where(missed, np.inf, ranges),
        )
