# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What is drawn is where it is."""

import math

import numpy as np
import pytest
from robot_policies import resources
from robot_policies.core.data_types import ActionChunk, Odometry, Scan
from robot_policies.dashboard import geometry

DT = 100_000_000


def pose(x=0.0, y=0.0, heading=0.0, stamp_ns=0):
    turned = np.array([0.0, 0.0, math.sin(heading / 2), math.cos(heading / 2)])
    return Odometry(stamp_ns, np.array([x, y, 0.3]), turned, np.zeros(3), np.zeros(3))


def chunk(vx=0.0, vy=0.0, yaw_rate=0.0, steps=10):
    return ActionChunk(0, DT, np.tile([vx, vy, yaw_rate], (steps, 1)))


def test_a_straight_chunk_leads_straight_ahead_of_where_the_robot_looked():
    path = geometry.chunk_path(chunk(vx=0.5), pose(1.0, 2.0, math.pi / 2))
    assert path.shape == (11, 2)
    np.testing.assert_allclose(path[0], [1.0, 2.0])
    np.testing.assert_allclose(path[-1], [1.0, 2.5], atol=1e-9)


def test_a_sideways_chunk_leads_to_the_left():
    path = geometry.chunk_path(chunk(vy=0.4), pose())
    np.testing.assert_allclose(path[-1], [0.0, 0.4], atol=1e-9)


def test_a_turning_chunk_follows_its_circle():
    # radius v / w = 0.5 m; after 1 s the heading is 1 rad
    path = geometry.chunk_path(chunk(vx=0.5, yaw_rate=1.0, steps=10), pose())
    expected = [0.5 * math.sin(1.0), 0.5 * (1 - math.cos(1.0))]
    np.testing.assert_allclose(path[-1], expected, atol=2e-3)


def test_scan_points_lie_where_the_rays_hit_and_misses_are_left_out():
    ranges = np.array([1.0, np.inf, 2.0, np.nan])
    scan = Scan(0, 0.0, math.pi / 2, 0.05, 8.0, ranges)
    points = geometry.scan_points(scan, (0.1, 0.0, 0.2))
    np.testing.assert_allclose(points, [[1.1, 0.0, 0.2], [-1.9, 0.0, 0.2]], atol=1e-9)


def test_points_are_turned_and_moved_with_the_robot():
    world = geometry.to_world(np.array([[1.0, 0.0, 0.0]]), pose(2.0, 3.0, math.pi / 2))
    np.testing.assert_allclose(world, [[2.0, 4.0, 0.3]], atol=1e-9)


def test_distance_is_zero_inside_and_counts_from_the_outline_outside():
    body = resources.load_robot('go2').body
    front, side = body.footprint_front_m, body.footprint_half_width_m
    points = np.array([[0.0, 0.0, 0.0], [front + 0.5, 0.0, 0.0], [0.0, -side - 0.2, 0.0]])
    np.testing.assert_allclose(
        geometry.footprint_distance(points, body), [0.0, 0.5, 0.2], atol=1e-9
    )


@pytest.mark.parametrize('distance', [0.1, 0.4])
def test_the_zone_is_everywhere_at_its_distance_from_the_outline(distance):
    body = resources.load_robot('go2').body
    outline = geometry.zone_outline(body, distance)
    np.testing.assert_allclose(outline[0], outline[-1])
    points = geometry.at_height(outline, 0.0)
    np.testing.assert_allclose(geometry.footprint_distance(points, body), distance, atol=1e-9)


def test_segments_join_neighbours():
    points = np.array([[0.0, 0, 0], [1, 0, 0], [1, 1, 0]])
    assert geometry.segments(points).shape == (2, 2, 3)
    np.testing.assert_allclose(geometry.segments(points)[1], [[1, 0, 0], [1, 1, 0]])


def test_the_pose_at_the_time_of_the_observation_is_found():
    history = geometry.PoseHistory()
    assert history.at(5) is None
    for second in range(5):
        history.add(pose(x=float(second), stamp_ns=second * 10))
    assert history.at(21).position[0] == 2.0


def test_poses_from_before_time_began_anew_are_forgotten():
    history = geometry.PoseHistory()
    history.add(pose(x=9.0, stamp_ns=1000))
    history.add(pose(x=1.0, stamp_ns=10))
    assert history.at(1000).position[0] == 1.0
