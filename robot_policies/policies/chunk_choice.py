# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Chooses among chunks: the one whose path keeps clear of what the scan shows."""

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import Scan
from robot_policies.core.robot import BodySpec

_REACH_M = 2.2
_CLEAR_M = 0.18
"""A path with that much room is as good as one with more."""


def path_clearances(
    chunks: FloatArray, dt_s: float, points: FloatArray, body: BodySpec
) -> FloatArray:
    """Return (n,) the least distance of the footprint to any point along each chunk, m.

    Args:
        chunks: (n, H, 3) base velocities.
        dt_s: Time per action.
        points: (p, 2) in the present base frame.
        body: Whose footprint it is.
    """
    if not len(points):
        return np.full(len(chunks), np.inf)
    heading = np.cumsum(chunks[..., 2], axis=1) * dt_s
    cos, sin = np.cos(heading), np.sin(heading)
    step_x = (cos * chunks[..., 0] - sin * chunks[..., 1]) * dt_s
    step_y = (sin * chunks[..., 0] + cos * chunks[..., 1]) * dt_s
    x, y = np.cumsum(step_x, axis=1), np.cumsum(step_y, axis=1)  # (n, H)
    away_x = points[:, 0] - x[..., None]
    away_y = points[:, 1] - y[..., None]
    local_x = cos[..., None] * away_x + sin[..., None] * away_y
    local_y = -sin[..., None] * away_x + cos[..., None] * away_y
    front = np.maximum(local_x - body.footprint_front_m, -body.footprint_rear_m - local_x)
    side = np.abs(local_y) - body.footprint_half_width_m
    outside = np.hypot(np.maximum(front, 0.0), np.maximum(side, 0.0))
    return np.asarray((outside + np.minimum(np.maximum(front, side), 0.0)).min((1, 2)))


def nearby_points(scan: Scan) -> FloatArray:
    """Return (p, 2) what the scan hit within reach of a chunk, in the base frame, m."""
    near = scan.valid() & (scan.ranges < _REACH_M)
    angles, ranges = scan.angles()[near], scan.ranges[near]
    return np.stack([ranges * np.cos(angles), ranges * np.sin(angles)], axis=-1)


def choose(chunks: FloatArray, dt_s: float, scan: Scan | None, body: BodySpec) -> int:
    """Return which chunk to take: the first with room enough, else the one with the most.

    Args:
        chunks: (n, H, 3) base velocities, the most likely first.
        dt_s: Time per action.
        scan: What is around the robot; without one the first chunk is taken.
        body: Whose footprint it is.
    """
    if scan is None or len(chunks) == 1:
        return 0
    clearance = path_clearances(chunks, dt_s, nearby_points(scan), body)
    roomy = np.flatnonzero(clearance >= _CLEAR_M)
    return int(roomy[0]) if len(roomy) else int(clearance.argmax())
