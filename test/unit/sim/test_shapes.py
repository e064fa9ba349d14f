# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What viewers are told about a world agrees with what MuJoCo simulates."""

import mujoco
import numpy as np
import pytest
from robot_policies.sim.scene import add_world
from robot_policies.sim.shapes import shapes_of

BOX, BALL = mujoco.mjtGeom.mjGEOM_BOX, mujoco.mjtGeom.mjGEOM_SPHERE


def test_everything_that_stands_there_is_told(arena):
    names = [shape.name for shape in shapes_of(arena)]
    assert names[: len(arena.objects)] == [item.name for item in arena.objects]
    assert names.count('wall') == 4
    assert names.count('crate') + names.count('pillar') == len(arena.obstacles)
    assert names.count('uneven ground') == len(arena.patches)


def test_places_and_sizes_are_those_of_the_simulated_geoms(arena):
    spec = mujoco.MjSpec()
    add_world(spec, arena)
    model = spec.compile()
    for shape in list(shapes_of(arena))[: len(arena.objects)]:
        geom = model.geom(f'object/{shape.name}')
        assert shape.position[:2] == pytest.approx(geom.pos[:2], abs=1e-6)
        if shape.kind == 'box':
            assert shape.extents == pytest.approx(2.0 * geom.size)
            assert shape.orientation[3] == pytest.approx(geom.quat[0])
        elif shape.kind == 'ball':
            assert shape.extents == pytest.approx(np.full(3, 2.0 * geom.size[0]))


def test_cones_are_triangles_of_their_height(arena):
    cone = next(shape for shape in shapes_of(arena) if 'cone' in shape.name)
    corners = np.array(cone.triangles) * cone.extents
    assert len(corners) % 3 == 0
    assert np.ptp(corners, axis=0) == pytest.approx(cone.extents, rel=0.02)
