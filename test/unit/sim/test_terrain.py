# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Rough ground: what the physics touches is what `height_at` says."""

import mujoco
import numpy as np
import pytest
from robot_policies.core.arrays import FloatArray
from robot_policies.sim.terrain import bumps, slopes, steps, Terrain

_SIZE = (4.0, 3.0)


def _touched(terrain: Terrain, xy: FloatArray) -> float:
    """Return the height at which a ray from above hits the height field."""
    spec = mujoco.MjSpec()
    terrain.add_to(spec)
    model = spec.compile()
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    hit = np.zeros(1, dtype=np.int32)
    down = np.array([0.0, 0.0, -1.0])
    start = np.array([*xy, 9.0])
    return 9.0 - mujoco.mj_ray(model, data, start, down, None, 1, -1, hit)


@pytest.mark.parametrize('kind', ['bumps', 'slopes', 'steps'])
def test_lookup_agrees_with_the_physics(kind: str) -> None:
    rng = np.random.default_rng(1)
    heights = {
        'bumps': bumps(rng, _SIZE, cell_m=0.05, height_m=0.08),
        'slopes': slopes(_SIZE, cell_m=0.05, angle_rad=0.26),
        'steps': steps(rng, _SIZE, cell_m=0.05, height_m=0.1),
    }[kind]
    terrain = Terrain(heights, 0.05, (3.0, -1.0, 0.5))
    for xy in rng.uniform((1.8, -2.2), (4.2, 0.2), (10, 2)):
        # a cell is two triangles in the physics and one bilinear patch in the lookup
        assert terrain.height_at(xy) == pytest.approx(_touched(terrain, xy), abs=0.03)


def test_heights_reach_what_was_asked_for() -> None:
    rng = np.random.default_rng(0)
    assert np.ptp(bumps(rng, (8.0, 8.0), cell_m=0.05, height_m=0.08)) == pytest.approx(
        0.08, abs=0.01
    )
    assert set(np.unique(steps(rng, (8.0, 8.0), cell_m=0.05, height_m=0.1))) == {0.0, 0.1}


def test_slopes_have_the_asked_angle() -> None:
    heights = slopes((12.0, 1.0), cell_m=0.1, angle_rad=0.26)
    gradient = np.abs(np.diff(heights[0])) / 0.1
    assert np.median(gradient) == pytest.approx(np.tan(0.26))


def test_same_seed_gives_the_same_ground() -> None:
    one, two = (bumps(np.random.default_rng(7), _SIZE, cell_m=0.1, height_m=0.1) for _ in range(2))
    assert np.array_equal(one, two)


def test_outside_the_rectangle_the_border_goes_on() -> None:
    terrain = Terrain(np.array([[0.0, 1.0], [0.0, 1.0]]), 1.0)
    assert terrain.height_at(np.array([50.0, 0.0])) == pytest.approx(1.0, abs=1e-5)
    assert terrain.height_at(np.array([-50.0, 0.0])) == pytest.approx(0.0)
