# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The barriers: what they let pass, what they slow down, and what happens without an answer."""

import builtins
from dataclasses import replace

import numpy as np
import pytest
from robot_policies.core.data_types import JointCommand, Scan, VelocityCommand
from robot_policies.core.errors import ConfigError, PluginError
from robot_policies.core.sphere_chain import SphereChain
from robot_policies.core.verdict import Severity
from robot_policies.safety.base_barrier import BaseBarrier, BaseBarrierConfig
from robot_policies.safety.joint_barrier import JointBarrier, JointBarrierConfig
from robot_policies.safety.nominal import nominal_command
from robot_policies.safety.projection import Barriers, least_rates, Projection

NOW = 10_000_000_000
TICK_S = 0.005


def follow(check, state_with, robot, target, ticks=400, seen=lambda position, verdict: None):
    """Command the same target again and again; return the last verdict."""
    last = nominal_command(robot, NOW)
    for tick in range(ticks):
        state = state_with(NOW + tick * 5_000_000, last_command=last, tick_s=TICK_S)
        verdict = check.check(JointCommand(NOW, position=target), state, NOW)
        last = verdict.command
        seen(last.position, verdict)
    return verdict


def moved(robot, **changes):
    target = np.array(robot.default_pose)
    for name, value in changes.items():
        target[robot.joint_names.index(f'{name}_joint')] = value
    return target


def test_the_answer_is_the_nearest_velocity_that_keeps_the_barriers():
    # the plane x + y <= 1 is approached at 1 * (0.5): from (1, 1) the nearest point of
    # x + y = 0.5 is (0.25, 0.25)
    barriers = Barriers(
        np.array([[-1.0, -1.0]]), np.array([-0.5]), np.full(2, -2.0), np.full(2, 2.0)
    )
    projection = Projection(np.ones(2), 1, 200)
    np.testing.assert_allclose(projection.solve(np.array([1.0, 1.0]), barriers), 0.25, atol=1e-5)
    kept = np.array([0.1, -1.0])
    assert projection.solve(kept, barriers) is kept


def test_a_broken_barrier_asks_only_that_it_gets_no_worse():
    np.testing.assert_allclose(least_rates(np.array([0.5, 0.0, -0.5]), 2.0), [-1.0, 0.0, 0.0])


def test_a_contradiction_has_no_answer_and_the_next_problem_is_solved_again():
    against = Barriers(np.eye(2), np.ones(2), np.full(2, -2.0), np.zeros(2))
    possible = Barriers(np.eye(2), np.full(2, -1.0), np.full(2, -2.0), np.zeros(2))
    projection = Projection(np.ones(2), 2, 200)
    assert projection.solve(np.array([-1.5, 0.0]), against) is None
    np.testing.assert_allclose(
        projection.solve(np.array([-1.5, 0.0]), possible), [-1.0, 0.0], atol=1e-5
    )


def test_a_target_far_from_everything_passes_untouched(context, robot, state_with):
    check = JointBarrier(JointBarrierConfig(), context)
    command = JointCommand(NOW, position=robot.default_pose + 0.02)
    verdict = check.check(command, state_with(), NOW)
    assert verdict.severity == Severity.PASS
    assert verdict.command is command


def test_a_target_beyond_a_limit_is_approached_ever_more_slowly_and_never_reached(
    context, robot, state_with
):
    config = JointBarrierConfig()
    positions = []
    joint = robot.joint_names.index('FL_hip_joint')
    verdict = follow(
        JointBarrier(config, context),
        state_with,
        robot,
        moved(robot, FL_hip=1.3),
        seen=lambda position, _: positions.append(position[joint]),
    )
    bound = robot.joints[joint].upper - config.margin_rad
    steps = np.diff([robot.joints[joint].default, *positions])
    assert max(positions) <= bound + 1e-6
    assert positions[-1] > bound - 0.05
    # the largest step is the first; a clamp makes its full speed until the bound, then none
    assert (np.diff(steps) <= 1e-6).all()
    assert 'FL_hip' in verdict.reason


def test_legs_that_are_sent_into_one_another_stay_apart(context, robot, state_with):
    chain = SphereChain(robot.joint_names, robot.links, robot.spheres)
    target = moved(robot, FL_hip=-1.0, FR_hip=1.0)
    assert chain.gaps(chain.posture(target)).min() < -0.02, 'the targets themselves collide'
    least = []
    verdict = follow(
        JointBarrier(JointBarrierConfig(), context),
        state_with,
        robot,
        target,
        seen=lambda position, _: least.append(chain.gaps(chain.posture(position)).min()),
    )
    assert min(least) > 0.0
    assert verdict.severity == Severity.LIMIT
    assert 'FL_calf_joint and FR_calf_joint' in verdict.reason


def test_random_targets_bring_no_two_links_together(context, robot, state_with):
    chain = SphereChain(robot.joint_names, robot.links, robot.spheres)
    check = JointBarrier(JointBarrierConfig(), context)
    rng = np.random.default_rng(0)
    lower, upper = robot.per_joint('lower'), robot.per_joint('upper')
    last = nominal_command(robot, NOW)
    for tick in range(2000):
        if tick % 40 == 0:
            target = rng.uniform(lower, upper)
        state = state_with(NOW + tick * 5_000_000, last_command=last, tick_s=TICK_S)
        verdict = check.check(JointCommand(NOW, position=target), state, NOW)
        assert verdict.severity <= Severity.LIMIT, verdict.reason
        last = verdict.command
        assert chain.gaps(chain.posture(last.position)).min() > -1e-6
        assert (last.position >= lower).all()
        assert (last.position <= upper).all()


def test_a_step_that_the_linear_barriers_misjudge_keeps_the_last_target(
    context, robot, state_with
):
    check = JointBarrier(JointBarrierConfig(), context)
    check._projection.solve = lambda wanted, barriers: wanted
    command = JointCommand(NOW, position=moved(robot, FL_hip=-1.0, FR_hip=1.0))
    state = state_with()
    verdict = check.check(command, state, NOW)
    assert verdict.severity == Severity.LIMIT
    assert 'would touch' in verdict.reason
    np.testing.assert_array_equal(verdict.command.position, state.last_command.position)


def test_without_an_answer_the_joints_hold(context, robot, state_with):
    check = JointBarrier(JointBarrierConfig(iterations=1), context)
    target = moved(robot, FL_hip=-1.0, FR_hip=1.0, FL_calf=-0.9, RL_calf=-2.7)
    severities = set()
    follow(
        check,
        state_with,
        robot,
        target,
        ticks=100,
        seen=lambda _, verdict: severities.add(verdict.severity),
    )
    assert Severity.HOLD in severities
    assert severities <= {Severity.HOLD, Severity.LIMIT, Severity.PASS}


def test_an_unsolved_problem_stops_the_base(context, state_with, robot):
    check = BaseBarrier(BaseBarrierConfig(), context)
    check._projection.solve = lambda wanted, barriers: None
    state = state_with(scan=wall_ahead(robot, 0.6))
    verdict = check.check(VelocityCommand(NOW, 0.8), state, NOW)
    assert verdict.severity == Severity.HOLD
    assert 'no velocity keeps the barriers' in verdict.reason


def test_margins_that_leave_no_room_are_refused_by_name(context):
    with pytest.raises(ConfigError, match='room') as error:
        JointBarrier(JointBarrierConfig(margin_rad=0.5), replace_robot(context))
    assert 'FL_hip' in str(error.value)


def replace_robot(context):
    robot = context.robot
    hip = replace(robot.joints[0], lower=-0.2, upper=0.2)
    return replace(context, robot=replace(robot, joints=(hip, *robot.joints[1:])))


def test_a_robot_without_spheres_still_has_barriers_at_its_limits(context, robot, state_with):
    bare = replace(context, robot=replace(robot, links=(), spheres=()))
    verdict = follow(
        JointBarrier(JointBarrierConfig(), bare), state_with, robot, moved(robot, FL_thigh=3.6)
    )
    assert verdict.command.position.max() <= robot.joints[1].upper


def test_without_the_solver_the_message_says_what_to_install(context, monkeypatch):
    real = builtins.__import__

    def no_solver(name, *rest, **more):
        if name.startswith('proxsuite'):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, '__import__', no_solver)
    with pytest.raises(PluginError, match=r'robot_policies\[barrier\]'):
        JointBarrier(JointBarrierConfig(), context)


def wall_ahead(robot, ahead_m, lone=False):
    """Return a scan of a wall `ahead_m` before the footprint's front, or of one ray that hits."""
    angles = np.linspace(-np.pi, np.pi, 360, endpoint=False)
    ranges = np.full(360, np.inf)
    hit = np.abs(angles) < 1.2
    x = robot.body.footprint_front_m + ahead_m - robot.scan.position[0]
    ranges[hit] = x / np.cos(angles[hit])
    if lone:
        ranges[np.abs(angles) > 1e-9] = np.inf
    return Scan(NOW, -np.pi, angles[1] - angles[0], 0.05, 8.0, ranges)


def test_the_speed_towards_a_wall_falls_with_the_distance_and_ends_before_it(
    context, robot, state_with
):
    config = BaseBarrierConfig()
    check = BaseBarrier(config, context)
    for ahead in (1.0, 0.6, 0.3, 0.12, 0.05):
        state = state_with(scan=wall_ahead(robot, ahead))
        verdict = check.check(VelocityCommand(NOW, 1.0), state, NOW)
        allowed = min(max(ahead - config.distance_m, 0.0) * config.rate, 1.0)
        assert verdict.command.vx == pytest.approx(allowed, abs=0.02)


def test_walking_along_a_wall_is_not_slowed_down(context, robot, state_with):
    check = BaseBarrier(BaseBarrierConfig(), context)
    state = state_with(scan=wall_ahead(robot, 0.3))
    verdict = check.check(VelocityCommand(NOW, 0.6, 0.3), state, NOW)
    assert verdict.command.vx < 0.3
    assert check.check(VelocityCommand(NOW, 0.0, 0.35), state, NOW).severity == Severity.PASS
    assert check.check(VelocityCommand(NOW, -0.4), state, NOW).severity == Severity.PASS


def test_of_each_direction_the_nearest_obstacle_is_a_barrier(context):
    check = BaseBarrier(BaseBarrierConfig(), context)
    angle = np.linspace(-np.pi, np.pi, 360, endpoint=False)
    ranges = 1.2 + 0.3 * np.sin(17.0 * angle) + 0.1 * np.sin(40.0 * angle)
    around = check._look(Scan(NOW, -np.pi, angle[1] - angle[0], 0.05, 8.0, ranges))
    sensor = context.robot.scan.position
    x, y = sensor[0] + ranges * np.cos(angle), sensor[1] + ranges * np.sin(angle)
    sector = np.floor(np.arctan2(y, x) / (2.0 * np.pi) * 14).astype(int) % 14
    distance = check._footprint.distance(x, y)
    nearest = sorted(distance[sector == k].min() for k in range(14))
    np.testing.assert_allclose(around.distance, nearest, atol=1e-9)


def test_one_ray_alone_is_noise(context, robot, state_with):
    check = BaseBarrier(BaseBarrierConfig(), context)
    state = state_with(scan=wall_ahead(robot, 0.3, lone=True))
    assert check.check(VelocityCommand(NOW, 0.8), state, NOW).severity == Severity.PASS


def test_a_base_that_touches_already_may_leave(context, robot, state_with):
    check = BaseBarrier(BaseBarrierConfig(), context)
    state = state_with(scan=wall_ahead(robot, 0.01))
    assert check.check(VelocityCommand(NOW, 0.5), state, NOW).command.vx < 1e-3
    assert check.check(VelocityCommand(NOW, -0.3), state, NOW).command.vx == -0.3
