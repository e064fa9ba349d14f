# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Distances between a footprint and what stands around it."""

import numpy as np
import pytest
from robot_policies.sim.planar import footprint_corners, Outline, OutlineSet

DISC = Outline(2.0, 0.0, 0.5)
CRATE = Outline(0.0, 2.0, 0.5, 0.0, 0.4, 0.3)


def test_ahead_of_a_disc_the_distance_is_to_the_front_of_the_robot(go2):
    # disc from 1.5 m on, the robot's front is at 0.38 m
    distance = OutlineSet([DISC]).box_distances(0.0, 0.0, 0.0, go2.body)
    assert distance == pytest.approx([1.5 - go2.body.footprint_front_m])


def test_beside_a_crate_the_distance_is_from_side_to_side(go2):
    distance = OutlineSet([CRATE]).box_distances(0.0, 0.0, 0.0, go2.body)
    assert distance == pytest.approx([1.7 - go2.body.footprint_half_width_m])


def test_a_crossing_without_a_corner_inside_is_an_overlap(go2):
    plank = Outline(0.0, 0.0, 1.0, np.pi / 2, 1.0, 0.02)
    assert OutlineSet([plank]).box_distances(0.0, 0.0, 0.0, go2.body)[0] < 0.0


def test_distances_agree_with_a_dense_sampling_of_both_outlines(go2):
    rng = np.random.default_rng(0)
    for _ in range(40):
        x, y, yaw, turn = rng.uniform(-3.0, 3.0, 4)
        crate = Outline(0.0, 0.0, 0.5, turn, 0.4, 0.3)
        exact = OutlineSet([crate]).box_distances(x, y, yaw, go2.body)[0]
        corners = footprint_corners(x, y, yaw, go2.body)
        edges = [a + t * (b - a) for a, b in zip(corners, np.roll(corners, 1, 0), strict=True)
                 for t in np.linspace(0.0, 1.0, 200)]  # fmt: skip
        sampled = OutlineSet([crate]).point_distances(np.array(edges)).min()
        if exact > 0.0:
            assert exact == pytest.approx(sampled, abs=0.01)
        else:
            assert sampled <= 0.01


def test_nothing_is_near_where_nothing_is(go2):
    assert len(OutlineSet([]).box_distances(0.0, 0.0, 0.0, go2.body)) == 0
