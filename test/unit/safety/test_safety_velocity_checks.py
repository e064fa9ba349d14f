# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Each check of the velocity gate alone."""

from dataclasses import replace

import numpy as np
import pytest
from robot_policies.core.data_types import VelocityCommand
from robot_policies.core.verdict import Severity
from robot_policies.safety.base_limit import BaseLimit, BaseLimitConfig
from robot_policies.safety.distance import Distance, DistanceConfig
from robot_policies.safety.engage_ramp import EngageRamp, EngageRampConfig
from robot_policies.safety.finite import Finite, FiniteConfig
from robot_policies.safety.footprint import (
    Footprint,
    obstacle_points,
    obstacles,
    path_distances,
)
from robot_policies.safety.freshness import Freshness, FreshnessConfig
from robot_policies.safety.handover import Handover, HandoverConfig
from robot_policies.safety.state import POLICY, SCAN, TELEOP

NOW = 10_000_000_000
MS = 1_000_000


def go(vx=0.0, vy=0.0, yaw_rate=0.0):
    return VelocityCommand(NOW, vx, vy, yaw_rate)


def seeing(state, hits, background=7.0):
    """`hits`: degree -> range in m; the Go2's scan sees 360 rays from -π."""
    ranges = np.full(len(state.scan.ranges), background)
    for degree, range_m in hits.items():
        ranges[(degree + 180) % 360] = range_m
    return replace(state, scan=replace(state.scan, ranges=ranges))


def wall(state, ahead_m, width_deg=20):
    hits = {d: ahead_m / np.cos(np.radians(d)) for d in range(-width_deg, width_deg + 1)}
    return seeing(state, hits)


def judge(context, command, state, **config):
    return Distance(DistanceConfig(**config), context).check(command, state, NOW)


@pytest.mark.parametrize('bad', [np.nan, np.inf])
def test_a_velocity_that_is_no_number_is_refused(context, state_with, bad):
    verdict = Finite(FiniteConfig(), context).check(go(bad), state_with(), NOW)
    assert verdict.severity == Severity.HOLD


@pytest.mark.parametrize(
    ('age_ms', 'severity', 'vx'),
    [(100, Severity.PASS, 0.4), (200, Severity.LIMIT, 0.2), (295, Severity.HOLD, None)],
)
def test_a_late_scan_slows_down_and_then_stops(context, state_with, age_ms, severity, vx):
    heard = {**state_with().heard, SCAN: NOW - age_ms * MS}
    verdict = Freshness(FreshnessConfig(), context).check(go(0.4), state_with(heard=heard), NOW)
    assert verdict.severity == severity
    if vx is not None:
        assert verdict.command.vx == pytest.approx(vx)


def test_a_robot_without_a_scan_needs_none(robot, context, state_with):
    blind = replace(context, robot=replace(robot, scan=None))
    state = state_with(heard={}, scan=None)
    assert Freshness(FreshnessConfig(), blind).check(go(0.4), state, NOW).severity == Severity.PASS


def test_without_anybody_in_charge_the_robot_stands(context, state_with):
    verdict = Freshness(FreshnessConfig(), context).check(
        go(0.4), state_with(velocity_source=''), NOW
    )
    assert verdict.severity == Severity.HOLD


def test_while_engaging_the_robot_stays_where_it_is(context, state_with):
    verdict = EngageRamp(EngageRampConfig(), context).check(go(0.4), state_with(), NOW)
    assert verdict.severity == Severity.HOLD


@pytest.mark.parametrize(
    ('asked', 'allowed'),
    [((9.0, 0.0, 0.0), (1.0, 0.0, 0.0)), ((-9.0, 9.0, -9.0), (-0.5, 0.4, -1.0))],
)
def test_speed_goes_to_the_robots_limits(context, state_with, asked, allowed):
    state = state_with(last_velocity=go(*allowed), tick_s=0.02)
    verdict = BaseLimit(BaseLimitConfig(), context).check(go(*asked), state, NOW)
    assert verdict.severity == Severity.LIMIT
    np.testing.assert_allclose(verdict.command.as_array(), allowed)


def test_speeding_up_takes_its_time(context, state_with):
    state = state_with(last_velocity=go(0.2), tick_s=0.02)
    verdict = BaseLimit(BaseLimitConfig(), context).check(go(0.8), state, NOW)
    # 2 m/s² · 20 ms
    assert verdict.command.vx == pytest.approx(0.24)


@pytest.mark.parametrize('asked', [0.0, 0.3])
def test_slowing_down_is_never_delayed(context, state_with, asked):
    state = state_with(last_velocity=go(0.9), tick_s=0.005)
    verdict = BaseLimit(BaseLimitConfig(), context).check(go(asked), state, NOW)
    assert verdict.severity == Severity.PASS
    assert verdict.command.vx == asked


def test_turning_back_passes_zero_at_once_but_speeds_up_slowly(context, state_with):
    state = state_with(last_velocity=go(0.9), tick_s=0.02)
    verdict = BaseLimit(BaseLimitConfig(), context).check(go(-0.5), state, NOW)
    assert verdict.command.vx == pytest.approx(-0.04)


def test_what_is_far_away_limits_nothing(context, state_with):
    assert judge(context, go(0.8), state_with()).severity == Severity.PASS


def test_nothing_within_the_stop_distance_is_approached(context, state_with):
    # front end at 0.38 m, wall 0.05 m before it
    near = wall(state_with(), 0.43)
    verdict = judge(context, go(0.5), near)
    assert verdict.severity == Severity.HOLD
    assert 'obstacle 0.05 m away, stop' in verdict.reason


@pytest.mark.parametrize('away', [go(-0.4), go(0.0, 0.3), go(-0.2, 0.2)])
def test_motion_away_from_an_obstacle_is_never_reduced(context, state_with, away):
    near = wall(state_with(), 0.40, width_deg=3)
    assert judge(context, away, near).severity == Severity.PASS


def test_what_is_behind_does_not_stop_a_robot_that_walks_forward(context, state_with):
    behind = dict.fromkeys(range(175, 186), 0.4)
    assert judge(context, go(0.5), seeing(state_with(), behind)).severity == Severity.PASS
    assert judge(context, go(-0.3), seeing(state_with(), behind)).severity == Severity.HOLD


def test_where_walking_on_is_refused_turning_is_still_allowed(context, state_with):
    near = wall(state_with(), 0.43, width_deg=2)
    verdict = judge(context, go(0.5, 0.0, 0.5), near)
    assert verdict.severity == Severity.LIMIT
    assert verdict.command.vx == 0.0
    assert verdict.command.yaw_rate > 0.0
    assert 'turning only' in verdict.reason


def test_near_things_are_approached_slowly(context, state_with):
    verdict = judge(context, go(0.9), wall(state_with(), 0.38 + 0.35), time_to_collision_s=0.05)
    assert verdict.severity == Severity.LIMIT
    assert verdict.command.vx <= 0.30 + 1e-9


def test_the_time_to_collision_is_kept(context, state_with):
    # contact counts at 0.05 m: 0.75 m of way, so 1 m/s would collide in 0.75 s
    verdict = judge(context, go(1.0), wall(state_with(), 0.38 + 0.80), slow_m=0.1)
    assert verdict.severity == Severity.LIMIT
    assert verdict.command.vx == pytest.approx(0.75, abs=0.05)
    assert 'predicted path' in verdict.reason


def test_a_limited_twist_keeps_its_path(context, state_with):
    command = go(0.8, 0.2, 0.4)
    verdict = judge(context, command, wall(state_with(), 0.9))
    assert verdict.severity == Severity.LIMIT
    shares = verdict.command.as_array() / command.as_array()
    assert np.ptp(shares) < 1e-9
    assert shares[0] < 1.0


def test_the_path_is_followed_round_the_bend(context, state_with):
    # a robot that walks a left arc reaches what stands ahead on its left, not what is straight on
    left = dict.fromkeys(range(40, 50), 1.0)
    right = dict.fromkeys(range(-50, -40), 1.0)
    arc = go(0.9, 0.0, 1.0)
    assert judge(context, arc, seeing(state_with(), left)).severity == Severity.LIMIT
    assert judge(context, arc, seeing(state_with(), right)).severity == Severity.PASS


def test_one_ray_alone_may_be_noise(context, state_with):
    assert judge(context, go(0.5), seeing(state_with(), {0: 0.42})).severity == Severity.PASS
    two = seeing(state_with(), {0: 0.42, 1: 0.42})
    assert judge(context, go(0.5), two).severity == Severity.HOLD


def test_too_near_to_measure_is_an_obstacle(context, state_with):
    blocked = dict.fromkeys(range(-3, 4), -np.inf)
    assert judge(context, go(0.5), seeing(state_with(), blocked)).severity == Severity.HOLD


@pytest.mark.parametrize('nothing', [np.inf, np.nan, 0.01, 99.0])
def test_what_is_no_measurement_is_no_obstacle(context, state_with, nothing):
    state = seeing(state_with(), dict.fromkeys(range(-5, 6), nothing))
    assert judge(context, go(0.5), state).severity == Severity.PASS


def test_points_lie_where_the_sensor_sees_them(state_with):
    state = seeing(state_with(), {0: 2.0, 90: 1.0}, background=np.inf)
    points = obstacle_points(state.scan, (0.1, 0.0))
    np.testing.assert_allclose(points, [[2.1, 0.0], [0.1, 1.0]], atol=1e-9)


def test_distances_along_a_path_are_those_of_the_moved_rectangle():
    footprint = Footprint(0.4, 0.3, 0.2)
    around = obstacles(footprint, np.array([[1.0, 0.0], [0.0, 1.0]]))
    ahead = path_distances(footprint, around, np.array([0.5, 0.0, 0.0]), np.array([0.0, 1.0]))
    # at first 0.6 and 0.8 m; 0.5 m farther on 0.1 m, and the other 0.2 m behind the rear end
    np.testing.assert_allclose(ahead, [[0.6, 0.8], [0.1, np.hypot(0.2, 0.8)]])
    quarter = np.array([0.0, 0.0, np.pi / 2])
    turned = path_distances(footprint, around, quarter, np.array([1.0]))
    # a quarter turn to the left: the first point is now on the right, the second ahead
    np.testing.assert_allclose(turned, [[0.8, 0.6]], atol=1e-12)


@pytest.fixture
def hands(context, state_with):
    """Return `hands(source, vx)`: what passes at the next tick of 20 ms."""
    check = Handover(HandoverConfig(), context)
    passed = [go()]

    def step(source, vx):
        state = state_with(velocity_source=source, last_velocity=passed[-1], tick_s=0.02)
        verdict = check.check(go(vx), state, NOW)
        passed.append(verdict.command)
        return verdict

    return step


@pytest.mark.parametrize(('first', 'second'), [(POLICY, TELEOP), (TELEOP, POLICY)])
def test_who_takes_over_gets_the_velocity_without_a_jump(hands, robot, first, second):
    hands(first, 0.8)
    step = robot.body.max_acceleration * 0.02
    velocities, verdict = [0.8], hands(second, -0.2)
    assert verdict.severity == Severity.LIMIT
    assert verdict.reason == f'handing over from {first} to {second}'
    while verdict.severity == Severity.LIMIT:
        velocities.append(verdict.command.vx)
        verdict = hands(second, -0.2)
    assert np.abs(np.diff(velocities)).max() <= step + 1e-9
    assert verdict.command.vx == -0.2
    assert len(velocities) >= 1.0 / step


def test_who_has_taken_over_stops_at_once(hands):
    hands(POLICY, 0.8)
    while hands(TELEOP, 0.5).severity == Severity.LIMIT:
        pass
    assert hands(TELEOP, 0.0).command.vx == 0.0


def test_when_nobody_is_in_charge_any_more_the_robot_stops_at_once(hands):
    hands(POLICY, 0.8)
    assert hands(TELEOP, 0.5).command.vx > 0.5
    assert hands('', 0.0).command.vx == 0.0


def test_the_same_source_may_do_what_the_other_checks_allow(hands):
    hands(POLICY, 0.8)
    assert hands(POLICY, -0.5).severity == Severity.PASS
