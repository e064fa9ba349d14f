# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Each check of the joint gate alone."""

from dataclasses import replace

import numpy as np
import pytest
from robot_policies.core.data_types import JointCommand, JointState
from robot_policies.core.verdict import Severity
from robot_policies.safety.arbiter import ArbiterConfig
from robot_policies.safety.effort_limit import EffortLimit, EffortLimitConfig
from robot_policies.safety.engage_ramp import EngageRamp, EngageRampConfig
from robot_policies.safety.estop import EStop, EStopConfig
from robot_policies.safety.finite import Finite, FiniteConfig
from robot_policies.safety.freshness import Freshness, FreshnessConfig
from robot_policies.safety.height import Height, HeightConfig
from robot_policies.safety.jump import Jump, JumpConfig
from robot_policies.safety.nominal import nominal_command
from robot_policies.safety.position_limit import PositionLimit, PositionLimitConfig
from robot_policies.safety.state import ESTOP, IMU, JOINT_STATES, LOCOMOTION
from robot_policies.safety.tilt import Tilt, TiltConfig
from robot_policies.safety.velocity_limit import VelocityLimit, VelocityLimitConfig

NOW = 10_000_000_000
MS = 1_000_000


def with_value(values, index, value):
    changed = np.array(values, dtype=float)
    changed[index] = value
    return changed


def joints_at(position, velocity=None):
    position = np.asarray(position, dtype=float)
    velocity = np.zeros(len(position)) if velocity is None else velocity
    return JointState(NOW, position, velocity, np.zeros(len(position)))


@pytest.mark.parametrize('bad', [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize('field', ['position', 'velocity', 'effort'])
def test_one_number_that_is_none_damps_and_is_named(context, robot, state_with, field, bad):
    values = with_value(np.zeros(12), 7, bad)
    verdict = Finite(FiniteConfig(), context).check(
        JointCommand(NOW, **{field: values}), state_with(), NOW
    )
    assert verdict.severity == Severity.DAMP
    assert robot.joint_names[7] in verdict.reason


def test_a_command_of_the_wrong_width_is_refused(context, state_with):
    verdict = Finite(FiniteConfig(), context).check(
        JointCommand(NOW, position=np.zeros(11)), state_with(), NOW
    )
    assert verdict.severity == Severity.DAMP
    assert '11 values, robot has 12' in verdict.reason


@pytest.mark.parametrize(('source', 'limit_ms'), [(JOINT_STATES, 35), (IMU, 35), (LOCOMOTION, 35)])
def test_a_source_is_good_up_to_its_limit_and_damps_beyond_it(
    context, robot, state_with, source, limit_ms
):
    check = Freshness(FreshnessConfig(), context)
    command = nominal_command(robot, NOW)
    heard = dict(state_with().heard)
    at_limit = state_with(heard={**heard, source: NOW - limit_ms * MS})
    beyond = state_with(heard={**heard, source: NOW - (limit_ms + 1) * MS})
    assert check.check(command, at_limit, NOW).severity == Severity.PASS
    verdict = check.check(command, beyond, NOW)
    assert verdict.severity == Severity.DAMP
    assert verdict.reason == f'{source} is {limit_ms + 1} ms old, limit {limit_ms}'


def test_the_shipped_limits_leave_time_for_the_way_below_what_is_promised():
    """Ages count from the arrival, and the supervisor wakes at the limit: 5 ms are for transport,
    judging and transport. A base velocity leaves up to a velocity period (20 ms) later."""
    config = FreshnessConfig()
    for limit_s in (config.joint_states_s, config.imu_s, config.locomotion_s):
        assert limit_s + 0.005 <= 0.040
    assert config.scan_stop_s + 2 * 0.005 + 0.020 <= 0.300
    assert ArbiterConfig().policy_s + 2 * 0.005 + 0.020 <= 0.100


def test_a_source_whose_messages_are_refused_says_why(context, robot, state_with):
    heard = {**state_with().heard, LOCOMOTION: NOW - 50 * MS}
    state = state_with(heard=heard, refusals={LOCOMOTION: 'joints x are missing'})
    verdict = Freshness(FreshnessConfig(), context).check(nominal_command(robot, NOW), state, NOW)
    assert verdict.reason.endswith('limit 35 (refused: joints x are missing)')


def test_before_engaging_silence_means_waiting(context, robot, state_with):
    state = state_with(heard={}, engaged_ns=None, since_ns=NOW - 10**9)
    verdict = Freshness(FreshnessConfig(), context).check(nominal_command(robot, NOW), state, NOW)
    assert verdict.severity == Severity.HOLD
    assert verdict.reason.startswith('waiting for joint_states')


def test_after_a_flush_sources_get_their_time_to_come_back(context, robot, state_with):
    check = Freshness(FreshnessConfig(), context)
    command = nominal_command(robot, NOW)
    just_flushed = state_with(heard={}, since_ns=NOW - 10 * MS)
    long_ago = state_with(heard={}, since_ns=NOW - 50 * MS)
    assert check.check(command, just_flushed, NOW).severity == Severity.HOLD
    assert check.check(command, long_ago, NOW).severity == Severity.DAMP


@pytest.mark.parametrize(('offset_ms', 'word'), [(-150, 'older'), (150, 'newer')])
def test_a_command_that_rests_on_another_time_is_held(context, robot, state_with, offset_ms, word):
    command = nominal_command(robot, NOW + offset_ms * MS)
    verdict = Freshness(FreshnessConfig(), context).check(command, state_with(), NOW)
    assert verdict.severity == Severity.HOLD
    assert word in verdict.reason


def test_a_target_outside_goes_to_the_limit_and_the_others_stay(context, robot, state_with):
    upper = robot.per_joint('upper')
    command = JointCommand(NOW, position=with_value(robot.default_pose, 2, 5.0))
    verdict = PositionLimit(PositionLimitConfig(), context).check(command, state_with(), NOW)
    assert verdict.severity == Severity.LIMIT
    np.testing.assert_array_equal(
        verdict.command.position, with_value(robot.default_pose, 2, upper[2])
    )
    assert 'FL_calf_joint' in verdict.reason


def test_a_margin_larger_than_the_range_leaves_its_middle(context, robot, state_with):
    check = PositionLimit(PositionLimitConfig(margin_rad=1.0), context)
    verdict = check.check(nominal_command(robot, NOW), state_with(), NOW)
    # calf: [-2.7227, -0.83776], narrower than two margins
    assert verdict.command.position[2] == pytest.approx((-2.7227 - 0.83776) / 2)


def test_a_commanded_speed_beyond_the_limit_goes_to_the_limit(context, robot, state_with):
    command = JointCommand(NOW, velocity=with_value(np.zeros(12), 5, -99.0))
    verdict = VelocityLimit(VelocityLimitConfig(scale=0.5), context).check(
        command, state_with(), NOW
    )
    assert verdict.severity == Severity.LIMIT
    assert verdict.command.velocity[5] == pytest.approx(-15.7 / 2)


def test_a_target_that_asks_for_too_much_torque_is_moved_until_it_does_not(
    context, robot, state_with
):
    command = JointCommand(NOW, position=with_value(robot.default_pose, 1, 2.8))
    verdict = EffortLimit(EffortLimitConfig(), context).check(command, state_with(), NOW)
    assert verdict.severity == Severity.LIMIT
    # 40 N·m/rad · (target - 0.8) = 23.7 N·m
    assert verdict.command.position[1] == pytest.approx(0.8 + 23.7 / 40)
    assert verdict.reason == 'torque limit of FL_thigh_joint: position 2.80 rad brought to 1.39'


def test_feed_forward_is_clipped_and_counts_into_the_torque(context, robot, state_with):
    effort = with_value(np.zeros(12), 1, 100.0)
    position = with_value(robot.default_pose, 1, 0.9)
    command = JointCommand(NOW, position=position, effort=effort)
    verdict = EffortLimit(EffortLimitConfig(), context).check(command, state_with(), NOW)
    assert verdict.command.effort[1] == pytest.approx(23.7)
    # all the torque is used up by the feed-forward, so nothing is left for the target
    assert verdict.command.position[1] == pytest.approx(0.8)


def test_a_joint_that_is_too_fast_is_not_pushed_further(context, robot, state_with):
    fast = joints_at(robot.default_pose, with_value(np.zeros(12), 1, 31.0))
    command = JointCommand(NOW, position=with_value(robot.default_pose, 1, 3.0))
    verdict = EffortLimit(EffortLimitConfig(), context).check(
        command, state_with(joints=fast), NOW
    )
    torque = 40.0 * (verdict.command.position[1] - 0.8) + 1.0 * (0.0 - 31.0)
    assert torque <= 1e-9


def test_an_ordinary_step_of_a_gait_passes_every_limit(context, robot, state_with):
    command = JointCommand(NOW, position=robot.default_pose + 0.25)
    for check in (
        EffortLimit(EffortLimitConfig(), context),
        PositionLimit(PositionLimitConfig(), context),
        Jump(JumpConfig(), context),
    ):
        assert check.check(command, state_with(), NOW).severity == Severity.PASS


def test_a_large_step_is_shortened(context, robot, state_with):
    command = JointCommand(NOW, position=with_value(robot.default_pose, 1, 0.8 + 1.0))
    verdict = Jump(JumpConfig(), context).check(command, state_with(), NOW)
    assert verdict.severity == Severity.LIMIT
    assert verdict.command.position[1] == pytest.approx(0.8 + 0.6)


def test_an_absurd_step_is_refused_and_damps_when_it_persists(context, robot, state_with):
    check = Jump(JumpConfig(), context)
    command = JointCommand(NOW, position=with_value(robot.default_pose, 1, 0.8 + 2.0))
    first = check.check(command, state_with(), NOW)
    later = check.check(command, state_with(now_ns=NOW + 31 * MS), NOW + 31 * MS)
    assert (first.severity, later.severity) == (Severity.HOLD, Severity.DAMP)


def test_a_single_absurd_step_is_forgotten(context, robot, state_with):
    check = Jump(JumpConfig(), context)
    absurd = JointCommand(NOW, position=with_value(robot.default_pose, 1, 0.8 + 2.0))
    check.check(absurd, state_with(), NOW)
    check.check(nominal_command(robot, NOW), state_with(), NOW + 5 * MS)
    assert check.check(absurd, state_with(), NOW + 100 * MS).severity == Severity.HOLD


def test_the_ramp_starts_at_the_measured_position_and_keeps_its_speed(context, robot, state_with):
    check = EngageRamp(EngageRampConfig(speed_rad_s=2.0, target_share=0.5), context)
    lying = robot.default_pose + 1.0
    command = JointCommand(NOW, position=robot.default_pose, effort=np.ones(12))
    damping = JointCommand.damping(NOW, 12)
    state = state_with(joints=joints_at(lying), last_command=damping)
    verdict = check.check(command, state, NOW)
    # 2 rad/s · 0.5 · 5 ms
    np.testing.assert_allclose(verdict.command.position, lying - 0.005)
    assert verdict.command.effort is None
    assert verdict.severity == Severity.LIMIT


def test_the_ramp_waits_for_a_joint_that_is_too_fast(context, robot, state_with):
    check = EngageRamp(EngageRampConfig(), context)
    start = robot.default_pose + 1.0
    speeds = with_value(np.zeros(12), 4, -2.5)
    state = state_with(
        joints=joints_at(start, speeds), last_command=JointCommand(NOW, position=start)
    )
    position = check.check(nominal_command(robot, NOW), state, NOW).command.position
    assert position[4] == start[4]
    assert position[3] < start[3]


def test_the_ramp_ends_at_the_target_and_not_before(context, robot, state_with):
    check = EngageRamp(EngageRampConfig(), context)
    target = nominal_command(robot, NOW)
    far = state_with(last_command=JointCommand(NOW, position=robot.default_pose + 1.0))
    near = state_with(last_command=JointCommand(NOW, position=robot.default_pose + 0.05))
    for _ in range(3):
        assert check.check(target, far, NOW).severity == Severity.LIMIT
    check.check(target, near, NOW)
    assert check.check(target, far, NOW).severity == Severity.PASS


def test_every_activation_is_ramped(context, robot, state_with):
    check = EngageRamp(EngageRampConfig(), context)
    target = nominal_command(robot, NOW)
    check.check(target, state_with(), NOW)
    assert check.check(target, state_with(), NOW).severity == Severity.PASS
    again = state_with(engaged_ns=NOW + 1)
    assert check.check(target, again, NOW).severity == Severity.LIMIT


def quaternion_about_x(angle):
    return np.array([np.sin(angle / 2), 0.0, 0.0, np.cos(angle / 2)])


@pytest.mark.parametrize(
    ('angle', 'severity'),
    [
        (0.0, Severity.PASS),
        (0.89, Severity.PASS),
        (0.91, Severity.RECOVER),
        (-1.5, Severity.RECOVER),
        (np.pi, Severity.RECOVER),
    ],
)
def test_tilt_is_judged_against_the_robots_own_limit(context, robot, state_with, angle, severity):
    imu = replace(state_with().imu, orientation=quaternion_about_x(angle))
    verdict = Tilt(TiltConfig(), context).check(
        nominal_command(robot, NOW), state_with(imu=imu), NOW
    )
    assert verdict.severity == severity


def test_turning_on_the_spot_is_no_tilt(context, robot, state_with):
    imu = replace(state_with().imu, orientation=np.array([0.0, 0.0, 1.0, 0.0]))
    verdict = Tilt(TiltConfig(), context).check(
        nominal_command(robot, NOW), state_with(imu=imu), NOW
    )
    assert verdict.severity == Severity.PASS


def at_height(state, height_m):
    position = np.array([0.0, 0.0, height_m])
    return replace(state, odometry=replace(state.odometry, position=position))


LONG_AGO = NOW - 10**9


def stood(context, robot, state_with, config=None):
    """Return a check that has seen the robot stand at `NOW`."""
    check = Height(config or HeightConfig(), context)
    upright = at_height(state_with(engaged_ns=LONG_AGO), 0.30)
    check.check(nominal_command(robot, NOW), upright, NOW)
    return check


def test_a_base_that_stood_and_stays_low_has_fallen(context, robot, state_with):
    check = stood(context, robot, state_with)
    command = nominal_command(robot, NOW)
    low = at_height(state_with(), 0.10)
    assert check.check(command, low, NOW).severity == Severity.PASS  # not yet for long enough
    verdict = check.check(command, at_height(state_with(NOW + 60 * MS), 0.10), NOW + 60 * MS)
    assert verdict.severity == Severity.RECOVER
    assert verdict.reason == 'base height 0.10 m, at least 0.16'


def test_how_long_a_base_is_low_counts_from_the_odometry_that_said_it(context, robot, state_with):
    check = stood(context, robot, state_with)
    command = nominal_command(robot, NOW)
    heard = {**state_with().heard, 'odom': NOW - 4 * MS}
    check.check(command, at_height(state_with(heard=heard), 0.10), NOW)
    later = NOW + 46 * MS
    assert check.check(command, at_height(state_with(later), 0.10), later).severity == (
        Severity.RECOVER
    )


def test_a_robot_that_lies_may_stand_up(context, robot, state_with):
    check = Height(HeightConfig(), context)
    command = nominal_command(robot, NOW)
    for k in range(100):
        low = at_height(state_with(NOW + k * 20 * MS), 0.07)
        assert check.check(command, low, NOW + k * 20 * MS).severity == Severity.PASS


def test_a_robot_that_sinks_as_it_is_engaged_has_not_fallen(context, robot, state_with):
    check = Height(HeightConfig(), context)
    command = nominal_command(robot, NOW)
    for k in range(100):  # from 0.3 m to the ground in a quarter of a second
        now_ns = NOW + k * 20 * MS
        state = state_with(now_ns, engaged_ns=NOW)
        sinking = at_height(state, max(0.07, 0.30 - 0.018 * k))
        assert check.check(command, sinking, now_ns).severity == Severity.PASS
    for now_ns, height, severity in (
        (NOW + 3000 * MS, 0.30, Severity.PASS),  # it has risen
        (NOW + 3020 * MS, 0.10, Severity.PASS),
        (NOW + 3080 * MS, 0.10, Severity.RECOVER),
    ):
        state = at_height(state_with(now_ns, engaged_ns=NOW), height)
        assert check.check(command, state, now_ns).severity == severity


def test_a_robot_that_sank_while_nobody_was_engaged_may_stand_up(context, robot, state_with):
    check = stood(context, robot, state_with)
    command = nominal_command(robot, NOW)
    check.check(command, at_height(state_with(NOW + MS, engaged_ns=None), 0.30), NOW + MS)
    for later in (500 * MS, 600 * MS):
        low = at_height(state_with(NOW + later), 0.07)
        assert check.check(command, low, NOW + later).severity == Severity.PASS


def test_old_odometry_says_nothing_about_the_height(context, robot, state_with):
    check = stood(context, robot, state_with, HeightConfig(for_s=0.0))
    command = nominal_command(robot, NOW)
    assert check.check(command, at_height(state_with(), 0.05), NOW).severity == Severity.RECOVER
    heard = {**state_with().heard, 'odom': NOW - 10**9}
    low = at_height(state_with(heard=heard), 0.05)
    assert check.check(command, low, NOW).severity == Severity.PASS


def test_a_pressed_button_damps(context, robot, state_with):
    check = EStop(EStopConfig(), context)
    command = nominal_command(robot, NOW)
    assert check.check(command, state_with(estop=True), NOW).severity == Severity.DAMP
    assert check.check(command, state_with(), NOW).severity == Severity.PASS


@pytest.mark.parametrize(
    ('engaged', 'age_ms', 'severity'),
    [
        (True, 499, Severity.PASS),
        (True, 501, Severity.DAMP),
        (False, 501, Severity.HOLD),
        (False, None, Severity.HOLD),
    ],
)
def test_a_required_button_that_falls_silent_stops_the_robot(
    context, robot, state_with, engaged, age_ms, severity
):
    check = EStop(EStopConfig(heartbeat_required=True), context)
    heard = dict(state_with().heard)
    if age_ms is not None:
        heard[ESTOP] = NOW - age_ms * MS
    state = state_with(heard=heard, engaged_ns=NOW if engaged else None)
    assert check.check(nominal_command(robot, NOW), state, NOW).severity == severity


def test_a_silent_button_is_due_when_its_time_is_over_and_only_if_it_is_required(
    context, robot, state_with
):
    check = EStop(EStopConfig(heartbeat_required=True, heartbeat_s=0.5), context)
    state = state_with(heard={**state_with().heard, ESTOP: NOW}, engaged_ns=NOW)
    due_ns = check.due_ns(state)
    command = nominal_command(robot, NOW)
    assert check.check(command, state, due_ns - 1).severity == Severity.PASS
    assert check.check(command, state, due_ns).severity == Severity.DAMP
    assert check.due_ns(state_with(heard={IMU: NOW})) is None
    assert EStop(EStopConfig(), context).due_ns(state) is None


def test_silence_is_due_when_the_first_source_becomes_too_old(context, state_with):
    check = Freshness(FreshnessConfig(joint_states_s=0.03, imu_s=0.02), context)
    heard = {JOINT_STATES: NOW, IMU: NOW - 4 * MS, LOCOMOTION: NOW}
    due_ns = check.due_ns(state_with(heard=heard))
    assert due_ns == NOW + 16 * MS + 1
    command = nominal_command(context.robot, NOW)
    late = state_with(heard=heard)
    assert check.check(command, late, due_ns - 1).severity == Severity.PASS
    assert check.check(command, late, due_ns).severity == Severity.DAMP
