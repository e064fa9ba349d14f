# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Scans of any layout become the same ring of distances."""

import numpy as np
import pytest
from robot_policies.core.data_types import Scan
from robot_policies.networks.navigation_inputs import navigation_inputs, STATE_SIZE
from robot_policies.networks.scan_encoder import nearness, ScanEncoder, sector_minima
import torch


def scan(rays=360, start=-np.pi, **hits):
    ranges = np.full(rays, np.inf)
    step = 2 * np.pi / rays
    for angle, distance in hits.get('at', ()):
        ranges[round((angle - start) / step) % rays] = distance
    return Scan(0, start, step, 0.05, 8.0, ranges)


@pytest.mark.parametrize(('rays', 'start'), [(360, -np.pi), (720, 0.0), (180, -np.pi / 2)])
def test_forward_is_sector_zero_and_left_is_a_quarter(rays, start):
    minima = sector_minima(scan(rays, start, at=[(0.0, 1.0), (np.pi / 2, 2.0)]), 72)
    assert minima[0] == 1.0
    assert minima[18] == 2.0
    assert (np.delete(minima, [0, 18]) == 8.0).all()


def test_the_nearest_of_a_sector_counts_and_invalid_ranges_do_not():
    values = scan(at=[(0.0, 3.0), (0.02, 1.5), (-0.02, 0.01)])
    assert sector_minima(values, 72)[0] == 1.5


def test_nearness_runs_from_touch_to_nothing():
    values = nearness(np.array([0.0, 0.7, 1e9]))
    np.testing.assert_allclose(values, [1.0, 0.5, 0.0], atol=1e-6)


def test_turning_the_surroundings_by_four_sectors_turns_what_the_ring_computes():
    torch.manual_seed(0)
    encoder = ScanEncoder(72, 16)
    ring = torch.rand(1, 72)
    before = encoder.ring(ring[:, None])
    after = encoder.ring(ring.roll(4, dims=1)[:, None])
    torch.testing.assert_close(after, before.roll(1, dims=2))


def test_while_searching_the_target_does_not_leak_into_the_inputs():
    common = {'velocity': [[0.0, 0.0, 0.0]], 'minima': np.ones((1, 72))}
    first = navigation_inputs(searching=[1.0], bearing=[0.3], distance=[1.0], **common)
    second = navigation_inputs(searching=[1.0], bearing=[-2.0], distance=[3.0], **common)
    np.testing.assert_array_equal(first, second)
    assert first.shape == (1, STATE_SIZE + 72)


def test_bearing_has_no_seam_behind_the_robot():
    common = {'velocity': [[0.0, 0.0, 0.0]], 'minima': np.ones((1, 8)), 'distance': [2.0]}
    left = navigation_inputs(searching=[0.0], bearing=[np.pi - 1e-4], **common)
    right = navigation_inputs(searching=[0.0], bearing=[-np.pi + 1e-4], **common)
    np.testing.assert_allclose(left, right, atol=1e-3)
