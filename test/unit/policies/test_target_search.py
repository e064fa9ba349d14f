# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The search turns once around, walks to see more, turns again, and gives up."""

import numpy as np
from robot_policies.core.data_types import Scan
from robot_policies.policies.target_belief import Pose
from robot_policies.policies.target_search import open_point, Step, TargetSearch

NS = 1_000_000_000


def ring(far=3.0, openings=()):
    ranges = np.full(360, far)
    for degree, distance in openings:
        ranges[degree + 180 - 25 : degree + 180 + 26] = distance
    return Scan(0, -np.pi, np.pi / 180, 0.05, 8.0, ranges)


def turn(search, scan, *, side=1.0, turns=1.2, x=0.0):
    """Turn on the spot and return the steps asked for."""
    headings = np.linspace(0.0, side * turns * 2 * np.pi, 60)
    return [search.step(Pose(x, 0.0, float(h)), scan, 0) for h in headings]


def test_a_full_turn_comes_first_to_the_side_asked_for():
    for side in (1.0, -1.0):
        search = TargetSearch(2)
        search.reset(side)
        steps = turn(search, ring(), side=side, turns=0.95)
        assert set(steps) == {Step.TURN}


def test_turning_back_and_forth_is_no_turn():
    search = TargetSearch(1)
    for _ in range(40):
        for heading in (0.0, 0.5, 1.0, 0.5):
            assert search.step(Pose(0.0, 0.0, heading), ring(), 0) is Step.TURN


def test_after_the_turn_it_walks_down_the_widest_opening_and_turns_again():
    search = TargetSearch(2)
    assert turn(search, ring(openings=[(90, 6.0)]))[-1] is Step.WALK
    there = search.viewpoint
    assert search.step(Pose(float(there[0]), float(there[1]), 0.0), ring(), NS) is Step.TURN


def test_a_viewpoint_that_is_not_reached_in_time_is_given_up():
    search = TargetSearch(2)
    turn(search, ring(openings=[(90, 6.0)]))
    assert search.step(Pose(0.0, 0.0, 0.0), ring(), NS) is Step.WALK
    assert search.step(Pose(0.0, 0.0, 0.0), ring(), 60 * NS) is Step.TURN


def test_it_gives_up_after_the_last_turn_and_stays_so():
    search = TargetSearch(1)
    assert turn(search, ring())[-1] is Step.GIVE_UP
    assert search.step(Pose(0.0, 0.0, 0.0), ring(), NS) is Step.GIVE_UP
    search.reset()
    assert search.step(Pose(0.0, 0.0, 0.0), ring(), NS) is Step.TURN


def test_the_point_to_look_from_is_in_the_opening_and_short_of_its_end():
    point = open_point(Pose(0.0, 0.0, 0.0), ring(far=1.5, openings=[(90, 4.0)]))
    assert abs(float(point[0])) < 0.6
    assert 1.0 < float(point[1]) < 3.0


def test_where_all_is_narrow_there_is_no_such_point():
    assert open_point(Pose(0.0, 0.0, 0.0), ring(far=1.2)) is None
    assert open_point(Pose(0.0, 0.0, 0.0), None) is None
