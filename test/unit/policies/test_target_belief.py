# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A belief grows by agreeing sightings, moves with the robot, and dies of not being confirmed."""

import numpy as np
import pytest
from robot_policies.core.data_types import Scan
from robot_policies.policies.target_belief import Pose, Sighting, snapped, TargetBelief

HALF_VIEW = 0.74
HOME = Pose(0.0, 0.0, 0.0)
NOTHING = Sighting(-6.0, 0.0, 1.0)


def seen(bearing=0.0, distance=3.0, log_odds=3.0):
    return Sighting(log_odds, bearing, distance)


def scan(**at):
    ranges = np.full(360, np.inf)
    for degree, distance in at.items():
        ranges[int(degree[1:]) + 180] = distance
    return Scan(0, -np.pi, np.pi / 180, 0.05, 8.0, ranges)


def test_one_sighting_is_not_enough_and_two_are():
    belief = TargetBelief(HALF_VIEW)
    belief.update(seen(), HOME, None)
    assert not belief.is_believed
    belief.update(seen(), HOME, None)
    assert belief.is_believed


def test_the_point_stays_where_it_is_while_the_robot_moves():
    belief = TargetBelief(HALF_VIEW)
    for _ in range(3):
        belief.update(seen(), HOME, None)
    bearing, distance = Pose(1.0, 0.0, np.pi / 2).polar(belief.point)
    assert bearing == pytest.approx(-np.pi / 2)
    assert distance == pytest.approx(2.0)


def test_looking_straight_at_it_without_seeing_it_ends_the_belief():
    belief = TargetBelief(HALF_VIEW)
    for _ in range(4):
        belief.update(seen(), HOME, None)
    for _ in range(10):
        belief.update(NOTHING, HOME, None)
    assert belief.point is None


@pytest.mark.parametrize(
    ('pose', 'blocked'),
    [
        (Pose(0.0, 0.0, np.pi), None),  # looks the other way
        (Pose(2.4, 0.0, 0.0), None),  # so near that it fills the picture
        (HOME, scan(p0=1.0, p1=1.0)),  # something stands before it
    ],
)
def test_not_seeing_it_means_nothing_where_it_cannot_be_seen(pose, blocked):
    belief = TargetBelief(HALF_VIEW)
    for _ in range(4):
        belief.update(seen(), HOME, None)
    for _ in range(30):
        belief.update(NOTHING, pose, blocked)
    assert belief.is_believed


def test_a_rival_that_is_seen_again_and_again_wins():
    belief = TargetBelief(HALF_VIEW)
    for _ in range(3):
        belief.update(seen(bearing=0.5), HOME, None)
    for _ in range(12):
        belief.update(seen(bearing=-0.5), HOME, None)
    assert HOME.polar(belief.point)[0] == pytest.approx(-0.5, abs=0.05)


def test_a_single_rival_does_not():
    belief = TargetBelief(HALF_VIEW)
    for _ in range(3):
        belief.update(seen(bearing=0.5), HOME, None)
    belief.update(seen(bearing=-0.5), HOME, None)
    assert HOME.polar(belief.point)[0] == pytest.approx(0.5, abs=0.05)
    assert belief.is_believed


def test_the_scan_corrects_the_distance_if_the_two_agree():
    assert snapped(3.0, 0.0, scan(p0=2.6)) == pytest.approx(2.6)
    assert snapped(3.0, 0.0, scan(p0=0.8)) == 3.0
    assert snapped(3.0, 1.0, scan(p0=2.6)) == 3.0
    assert snapped(3.0, 0.0, None) == 3.0
