# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Which objects a camera has in view: the truth that scripted experts and evaluations go by."""

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.robot import CameraSpec
from robot_policies.sim.world import World

_RAYS = 5
"""Lines of sight across the width of an object."""


def horizontal_fov(camera: CameraSpec) -> float:
    """Return the horizontal field of view, rad."""
    half = np.tan(camera.vertical_fov_rad / 2.0) * camera.width / camera.height
    return float(2.0 * np.arctan(half))


def visible_shares(world: World, x: float, y: float, yaw: float, camera: CameraSpec) -> FloatArray:
    """Return (objects,) how much of each object's width is in view from a base pose, in [0, 1].

    Seen from above: within the horizontal field of view, and not behind something at least as
    high. An object that is partly hidden or cut off by the image's edge has a share in between.
    """
    count = len(world.objects)
    if not count:
        return np.zeros(0)
    ahead, left = camera.position[0], camera.position[1]
    cos, sin = np.cos(yaw), np.sin(yaw)
    eye = np.array([x + cos * ahead - sin * left, y + sin * ahead + cos * left])
    outlines = world.outlines
    offset = outlines.centres - eye
    distance = np.hypot(offset[:, 0], offset[:, 1])
    bearing = np.arctan2(offset[:, 1], offset[:, 0])
    radius = np.array([outline.radius_m for outline in outlines.outlines])
    half_angle = np.arcsin(np.clip(radius / np.maximum(distance, 1e-6), 0.0, 1.0))
    spread = np.linspace(-0.8, 0.8, _RAYS)
    rays = bearing[:count, None] + spread * half_angle[:count, None]  # (objects, rays)
    seen = np.abs(_wrapped(rays - yaw)) < horizontal_fov(camera) / 2.0
    hit = np.abs(_wrapped(rays[..., None] - bearing)) < 0.9 * half_angle
    nearer = distance[None, None, :] < distance[:count, None, None] - 1e-9
    heights = np.array([item.height_m for item in world.solids])
    as_high = heights >= heights[:count, None, None] - 0.05
    return np.asarray((seen & ~(hit & nearer & as_high).any(axis=-1)).mean(axis=1))


def _wrapped(angle: FloatArray) -> FloatArray:
    return np.asarray((angle + np.pi) % (2.0 * np.pi) - np.pi)
