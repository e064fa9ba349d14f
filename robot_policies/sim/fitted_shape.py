# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The simple shape that stands for a link's collision meshes."""

import mujoco
import numpy as np
from robot_policies.core.arrays import FloatArray

_ELONGATED = 2.0
"""A link this many times longer than wide becomes a capsule, else a box."""


def fit_shape(vertices: FloatArray) -> tuple[mujoco.mjtGeom, FloatArray, FloatArray, FloatArray]:
    """Fit a capsule (long links) or a box to the vertices of a link's collision meshes.

    Primitives instead of the meshes: they are several times cheaper against height fields and
    their contacts do not jump from facet to facet.

    Args:
        vertices: (n, 3) in the link's frame, m.

    Returns:
        Geometry type, (3,) size as MuJoCo takes it, (3,) centre, (4,) quaternion (w, x, y, z).
    """
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    extent = high - low
    axis = int(np.argmax(extent))
    others = [i for i in range(3) if i != axis]
    if extent[axis] < _ELONGATED * extent[others].max():
        box = mujoco.mjtGeom.mjGEOM_BOX
        return box, extent / 2, (low + high) / 2, np.array([1.0, 0.0, 0.0, 0.0])
    centre = np.median(vertices, axis=0)
    radius = float(np.median(np.linalg.norm((vertices - centre)[:, others], axis=1)))
    centre[axis] = (low + high)[axis] / 2
    half_length = extent[axis] / 2 - radius
    turned = {0: [0.7071068, 0.0, 0.7071068, 0.0], 1: [0.7071068, -0.7071068, 0.0, 0.0]}
    quaternion = np.array(turned.get(axis, [1.0, 0.0, 0.0, 0.0]))
    capsule = mujoco.mjtGeom.mjGEOM_CAPSULE
    return capsule, np.array([radius, half_length, 0.0]), centre, quaternion
