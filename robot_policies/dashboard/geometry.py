# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What is drawn around the robot: where a chunk leads, what the scan hit, how far the zones reach.

Pure functions, so that the page and the markers for rviz2 draw the same.
"""

from collections import deque

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import ActionChunk, Odometry, Scan
from robot_policies.core.robot import BodySpec
from robot_policies.core.rotations import rotate, yaw

_CORNER_POINTS = 7


def chunk_path(chunk: ActionChunk, start: Odometry) -> FloatArray:
    """Integrate a chunk of base velocities from where the robot was when it was observed.

    Args:
        chunk: Actions [vx, vy, yaw rate], m/s and rad/s.
        start: Pose at the chunk's stamp.

    Returns:
        (H + 1, 2) points on the ground in the odometry frame, m; the first is the start.
    """
    dt_s = chunk.dt_ns * 1e-9
    heading = float(yaw(start.orientation)) + np.cumsum(chunk.actions[:, 2]) * dt_s
    middle = heading - 0.5 * chunk.actions[:, 2] * dt_s
    vx, vy = chunk.actions[:, 0], chunk.actions[:, 1]
    steps = np.column_stack(
        [np.cos(middle) * vx - np.sin(middle) * vy, np.sin(middle) * vx + np.cos(middle) * vy]
    )
    return np.vstack([start.position[:2], start.position[:2] + np.cumsum(steps, axis=0) * dt_s])


def scan_points(scan: Scan, origin: tuple[float, ...]) -> FloatArray:
    """Return (m, 3) what the scan hit, in the base frame.

    Args:
        scan: The scan.
        origin: x, y, z of the sensor in the base frame, m.
    """
    valid = scan.valid()
    angles, ranges = scan.angles()[valid], scan.ranges[valid]
    flat = np.column_stack([ranges * np.cos(angles), ranges * np.sin(angles), 0.0 * ranges])
    return np.asarray(flat + np.asarray(origin))


def to_world(points: FloatArray, odometry: Odometry) -> FloatArray:
    """Return (m, 3) points of the base frame in the odometry frame."""
    return rotate(odometry.orientation, points) + odometry.position


def footprint_distance(points: FloatArray, body: BodySpec) -> FloatArray:
    """Return (m,) horizontal distance from the robot's outline to points of the base frame, m."""
    centre = 0.5 * (body.footprint_front_m - body.footprint_rear_m)
    half_length = 0.5 * (body.footprint_front_m + body.footprint_rear_m)
    outside_x = np.abs(points[:, 0] - centre) - half_length
    outside_y = np.abs(points[:, 1]) - body.footprint_half_width_m
    return np.hypot(np.maximum(outside_x, 0.0), np.maximum(outside_y, 0.0))


def zone_outline(body: BodySpec, distance_m: float) -> FloatArray:
    """Return (n, 2) the closed line at a distance around the robot's outline, base frame, m."""
    front, rear = body.footprint_front_m, -body.footprint_rear_m
    side = body.footprint_half_width_m
    corners = [(front, side, 0.0), (rear, side, 90.0), (rear, -side, 180.0), (front, -side, 270.0)]
    arcs = []
    for x, y, first_deg in corners:
        angles = np.radians(np.linspace(first_deg, first_deg + 90.0, _CORNER_POINTS))
        arcs.append(
            np.column_stack([x + distance_m * np.cos(angles), y + distance_m * np.sin(angles)])
        )
    outline = np.vstack(arcs)
    return np.vstack([outline, outline[:1]])


def segments(points: FloatArray) -> npt.NDArray[np.float32]:
    """Return (n - 1, 2, 3) the pieces of a line through (n, 3) points."""
    return np.stack([points[:-1], points[1:]], axis=1).astype(np.float32)


def at_height(points: FloatArray, height_m: float) -> FloatArray:
    """Return (n, 3) ground points (n, 2) lifted to a height."""
    return np.column_stack([points, np.full(len(points), height_m)])


class PoseHistory:
    """The last seconds of odometry, to find where the robot was when something was observed."""

    def __init__(self, size: int = 100) -> None:
        self._poses: deque[Odometry] = deque(maxlen=size)

    def add(self, odometry: Odometry) -> None:
        """Append a pose. One that is older than the last means that time began anew."""
        if self._poses and odometry.stamp_ns < self._poses[-1].stamp_ns:
            self._poses.clear()
        if not self._poses or odometry.stamp_ns > self._poses[-1].stamp_ns:
            self._poses.append(odometry)

    def at(self, stamp_ns: int) -> Odometry | None:
        """Return the pose nearest in time, or None if there is none at all."""
        return min(self._poses, key=lambda pose: abs(pose.stamp_ns - stamp_ns), default=None)
