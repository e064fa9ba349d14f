# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The first chunk whose path is clear is taken."""

import numpy as np
import pytest
from robot_policies.core.data_types import Scan
from robot_policies.policies.chunk_choice import choose, path_clearances
from robot_policies.resources import load_robot

BODY = load_robot('go2').body


def chunk(vx=0.0, vy=0.0, yaw_rate=0.0):
    return np.tile([vx, vy, yaw_rate], (16, 1))


def wall_ahead(distance):
    angles = np.linspace(-np.pi, np.pi, 360, endpoint=False)
    with np.errstate(divide='ignore'):
        ranges = np.where(np.abs(angles) < 0.6, distance / np.cos(angles), np.inf)
    return Scan(0, -np.pi, 2 * np.pi / 360, 0.05, 8.0, ranges)


def test_clearance_is_measured_from_the_front_at_the_end_of_the_way():
    point = np.array([[1.5, 0.0]])
    clear = path_clearances(np.stack([chunk(), chunk(vx=0.5)]), 0.1, point, BODY)
    assert clear[0] == pytest.approx(1.5 - BODY.footprint_front_m)
    assert clear[1] == pytest.approx(1.5 - BODY.footprint_front_m - 0.8)


def test_a_turn_swings_the_corners():
    point = np.array([[0.0, BODY.footprint_half_width_m + 0.1]])
    still, turning = path_clearances(np.stack([chunk(), chunk(yaw_rate=1.0)]), 0.1, point, BODY)
    assert turning < still


def test_the_first_clear_chunk_wins_even_if_another_is_clearer():
    chunks = np.stack([chunk(vx=0.2), chunk()])
    assert choose(chunks, 0.1, wall_ahead(1.2), BODY) == 0


def test_a_chunk_into_the_wall_is_passed_over():
    chunks = np.stack([chunk(vx=0.8), chunk(vx=0.1)])
    assert choose(chunks, 0.1, wall_ahead(1.2), BODY) == 1


def test_if_none_is_clear_the_clearest_is_taken():
    chunks = np.stack([chunk(vx=0.8), chunk(vx=0.55), chunk(vx=0.6)])
    assert choose(chunks, 0.1, wall_ahead(1.3), BODY) == 1


def test_without_a_scan_the_likeliest_is_taken():
    assert choose(np.stack([chunk(vx=0.8), chunk()]), 0.1, None, BODY) == 0
