# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The range sensor: geometry, its limits, and that it never sees its own robot."""

from dataclasses import replace

import numpy as np
import pytest
from robot_policies.sim.look import Look
from robot_policies.sim.puppet import Puppet
from robot_policies.sim.simulator import Simulator, StageBuilder
from robot_policies.sim.world import Obstacle, World, WorldObject

WALLED = World('test', 0, 8.0, 6.0, 0.7, (0.0, 0.0, 0.0), Look())


def range_at(scan, degrees):
    index = round((np.radians(degrees) - scan.angle_min_rad) / scan.angle_increment_rad)
    return scan.ranges[index % len(scan.ranges)]


@pytest.mark.parametrize(('degrees', 'expected'), [(0, 4.0), (90, 3.0), (-90, 3.0), (180, 4.0)])
def test_walls_are_as_far_as_they_are(go2, degrees, expected):
    puppet = Puppet(go2)
    puppet.enter(WALLED)
    assert range_at(puppet.scan(), degrees) == pytest.approx(expected, abs=0.01)


def test_the_scan_turns_with_the_robot(go2):
    puppet = Puppet(go2)
    puppet.enter(WALLED)
    puppet.place(1.0, 0.0, np.pi / 2)
    scan = puppet.scan()
    assert range_at(scan, 0) == pytest.approx(3.0, abs=0.01)
    assert range_at(scan, -90) == pytest.approx(3.0, abs=0.01)
    assert range_at(scan, 90) == pytest.approx(5.0, abs=0.01)


@pytest.mark.parametrize('shape', ['ball', 'box', 'cylinder', 'cone'])
def test_small_objects_are_seen(go2, shape):
    puppet = Puppet(go2)
    puppet.enter(replace(WALLED, objects=(WorldObject('red', shape, 'small', 2.0, 0.0),)))
    assert 1.7 < range_at(puppet.scan(), 0) < 1.95


def test_pillars_and_crates_are_seen(go2):
    pillar = Obstacle('pillar', 2.0, 0.0, 0.0, 0.2, 0.2, 0.8)
    crate = Obstacle('crate', 0.0, 2.0, 0.0, 0.3, 0.4, 0.8)
    puppet = Puppet(go2)
    puppet.enter(replace(WALLED, obstacles=(pillar, crate)))
    scan = puppet.scan()
    assert range_at(scan, 0) == pytest.approx(1.8, abs=0.01)
    assert range_at(scan, 90) == pytest.approx(1.6, abs=0.01)


def test_beyond_its_range_there_is_no_measurement(go2):
    puppet = Puppet(go2)
    puppet.enter(replace(WALLED, length_m=40.0))
    scan = puppet.scan()
    assert range_at(scan, 0) == np.inf
    assert np.isfinite(range_at(scan, 90))


def test_the_walking_robot_does_not_see_its_own_legs(go2):
    # Legs and trunk surround the sensor; the walls are the first thing that it may see.
    simulator = Simulator(go2, StageBuilder(go2).build(WALLED))
    assert simulator.scan(0).ranges.min() > 2.5
