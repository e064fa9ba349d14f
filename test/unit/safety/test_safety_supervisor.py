# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The state machine, without a robot: what latches, what does not, and what a reset needs."""

from dataclasses import replace

from conftest import NOW, TICK
import numpy as np
import pytest
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import JointCommand, JointState, VelocityCommand
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety.fallback import Fallback, FallbackConfig
from robot_policies.safety.finite import Finite, FiniteConfig
from robot_policies.safety.latch import Phase, ResetConfig
from robot_policies.safety.nominal import nominal_command, nominal_state
from robot_policies.safety.supervisor import Parts, Supervisor


class Says:
    """A check that answers what it is told."""

    def __init__(self, severity=Severity.PASS, command=None, reason='told so'):
        self.severity, self.command, self.reason = severity, command, reason
        self.seen = []
        self.resets = 0

    def check(self, command, state, now_ns):
        self.seen.append(command)
        if isinstance(self.severity, Exception):
            raise self.severity
        if self.severity == 'nonsense':
            return True
        return Verdict(self.severity, self.command or command, self.reason)

    def reset(self):
        self.resets += 1


class Told:
    """A supervisor whose joint and velocity checks are told what to say."""

    def __init__(self, robot, *, fallback=None, recovery=None):
        self.robot, self.now = robot, NOW
        self.joint, self.velocity = Says(), Says()
        parts = Parts(
            robot,
            [self.joint],
            [self.velocity],
            Fallback(fallback or FallbackConfig(), robot),
            ResetConfig(),
            recovery,
        )
        self.supervisor = Supervisor(parts)

    def tick(self, **changes):
        self.now += TICK
        state = replace(nominal_state(self.robot, self.now), **changes)
        return self.supervisor.judge(nominal_command(self.robot, self.now), state, self.now)

    def steer(self, velocity=0.3):
        state = nominal_state(self.robot, self.now)
        command = VelocityCommand(self.now, velocity)
        return self.supervisor.judge_velocity(command, state, self.now)

    def rest(self, seconds=0.35):
        for _ in range(round(seconds * 1e9 / TICK)):
            self.tick()

    def reset(self, **changes):
        return self.supervisor.reset(replace(nominal_state(self.robot, self.now), **changes))


@pytest.fixture
def told(robot):
    return Told(robot)


def test_the_robot_is_soft_until_the_first_command_is_found_good(told):
    told.joint.severity = Severity.HOLD
    for _ in range(50):
        assert told.tick().command.is_damping
    assert told.supervisor.phase is Phase.WAITING
    told.joint.severity = Severity.PASS
    told.tick()
    assert told.supervisor.phase is Phase.ENGAGED
    assert not told.tick().command.is_damping


def test_waiting_does_not_latch_on_what_is_only_not_there_yet(told):
    for severity in (Severity.HOLD, Severity.RECOVER):
        told.joint.severity = severity
        told.tick()
        assert told.supervisor.phase is Phase.WAITING


@pytest.mark.parametrize('phase', [Phase.WAITING, Phase.ENGAGED])
@pytest.mark.parametrize('severity', [Severity.DAMP, ValueError('broken'), 'nonsense'])
def test_danger_and_broken_checks_damp_and_latch_in_every_phase(told, phase, severity):
    if phase is Phase.ENGAGED:
        told.tick()
    told.joint.severity = severity
    verdict = told.tick()
    assert verdict.severity == Severity.DAMP
    assert verdict.command.is_damping
    told.joint.severity = Severity.PASS
    for _ in range(20):
        assert told.tick().command.is_damping
    assert told.supervisor.phase is Phase.LATCHED


@pytest.mark.parametrize(
    ('severity', 'phase', 'damps'),
    [
        (Severity.PASS, Phase.ENGAGED, False),
        (Severity.LIMIT, Phase.ENGAGED, False),
        (Severity.HOLD, Phase.ENGAGED, False),
        (Severity.RECOVER, Phase.LATCHED, True),
        (Severity.DAMP, Phase.LATCHED, True),
    ],
)
def test_what_each_severity_does_to_an_engaged_robot(told, severity, phase, damps):
    told.tick()
    told.joint.severity = severity
    verdict = told.tick()
    assert told.supervisor.phase is phase
    assert verdict.command.is_damping is damps


def test_a_limited_command_goes_out_as_limited(told, robot):
    told.tick()
    told.joint.severity = Severity.LIMIT
    told.joint.command = JointCommand(NOW, position=robot.default_pose - 0.1)
    assert told.tick().command is told.joint.command


def test_hold_keeps_the_last_target_that_went_out(told, robot):
    told.tick()
    told.joint.severity = Severity.LIMIT
    told.joint.command = JointCommand(NOW, position=robot.default_pose - 0.1)
    told.tick()
    told.joint.severity, told.joint.command = Severity.HOLD, None
    np.testing.assert_array_equal(told.tick().command.position, robot.default_pose - 0.1)


def test_hold_before_any_target_keeps_the_measured_position(told, robot):
    told.tick()
    told.joint.severity = Severity.HOLD
    measured = robot.default_pose + 0.3
    joints = JointState(NOW, measured, np.zeros(12), np.zeros(12))
    np.testing.assert_array_equal(told.tick(joints=joints).command.position, measured)


def test_the_worst_verdict_wins_and_later_checks_see_the_limited_command(robot):
    limited = JointCommand(NOW, position=robot.default_pose - 0.1)
    first = Says(Severity.LIMIT, limited, 'first')
    second, third = Says(Severity.HOLD, None, 'second'), Says(Severity.LIMIT, None, 'third')
    parts = Parts(
        robot, [first, second, third], [], Fallback(FallbackConfig(), robot), ResetConfig()
    )
    supervisor = Supervisor(parts)
    verdict = supervisor.judge(nominal_command(robot, NOW), nominal_state(robot, NOW), NOW)
    assert (verdict.severity, verdict.reason) == (Severity.HOLD, 'second')
    assert second.seen == [limited]
    assert third.seen == [limited]


def test_a_check_after_damp_is_not_asked(robot):
    last = Says()
    checks = [Says(Severity.DAMP), last]
    parts = Parts(robot, checks, [], Fallback(FallbackConfig(), robot), ResetConfig())
    Supervisor(parts).judge(nominal_command(robot, NOW), nominal_state(robot, NOW), NOW)
    assert last.seen == []


@pytest.mark.parametrize('severity', [Severity.HOLD, Severity.RECOVER, Severity.DAMP])
def test_velocity_is_zero_from_hold_on(told, severity):
    told.tick()
    assert told.steer().command.vx == 0.3
    told.velocity.severity = severity
    assert told.steer().command.is_zero


def test_a_velocity_check_that_damps_stops_the_joints_too(told):
    told.tick()
    told.velocity.severity = Severity.DAMP
    told.steer()
    assert told.tick().command.is_damping
    assert told.supervisor.phase is Phase.LATCHED


def test_velocity_is_zero_while_the_joints_are_held_or_soft(told):
    told.joint.severity = Severity.HOLD
    told.tick()
    assert told.steer().command.is_zero  # waiting
    told.joint.severity = Severity.PASS
    told.tick()
    assert told.steer().command.vx == 0.3
    told.joint.severity = Severity.HOLD
    told.tick()
    assert told.steer().command.is_zero  # held


def test_stop_latches_at_once(told):
    told.tick()
    told.supervisor.stop('button', told.now)
    verdict = told.tick()
    assert (verdict.severity, verdict.reason) == (Severity.DAMP, 'button')
    assert verdict.command.is_damping


def test_the_first_cause_is_the_one_that_is_told(told):
    told.tick()
    told.joint.severity, told.joint.reason = Severity.DAMP, 'first'
    told.tick()
    told.joint.reason = 'second'
    assert told.tick().reason == 'first'


def latch(told):
    told.tick()
    told.joint.severity, told.joint.reason = Severity.DAMP, 'it burns'
    told.tick()


def test_reset_is_refused_while_the_cause_persists_and_granted_when_it_is_gone(told):
    latch(told)
    told.rest()
    refused = told.reset()
    assert not refused.accepted
    assert 'the cause persists: it burns' in refused.reason
    told.joint.severity = Severity.PASS
    told.tick()
    assert told.reset().accepted
    assert told.joint.resets == 1
    assert told.supervisor.phase is Phase.WAITING
    assert told.tick().command.is_damping  # this tick finds it good,
    assert not told.tick().command.is_damping  # and the next one passes


@pytest.mark.parametrize(
    ('changes', 'words'),
    [
        ({'joints': None}, 'not known to rest'),
        ({'imu': None}, 'not known to rest'),
        ('joint', 'RR_calf_joint at 2.0 rad/s'),
        ('nan', 'the robot moves'),
        ('turn', 'the base turns at 1.5 rad/s'),
    ],
)
def test_reset_is_refused_while_the_robot_moves(told, robot, changes, words):
    latch(told)
    told.joint.severity = Severity.PASS
    told.rest()
    nominal = nominal_state(robot, told.now)
    if changes in ('joint', 'nan'):
        speeds = np.zeros(12)
        speeds[11] = 2.0 if changes == 'joint' else np.nan
        changes = {'joints': replace(nominal.joints, velocity=speeds)}
    elif changes == 'turn':
        changes = {'imu': replace(nominal.imu, angular_velocity=np.array([0.0, 1.5, 0.0]))}
    answer = told.reset(**changes)
    assert not answer.accepted
    assert words in answer.reason
    assert told.supervisor.phase is Phase.LATCHED


def test_a_robot_that_is_still_for_a_moment_does_not_rest(told, robot):
    latch(told)
    told.joint.severity = Severity.PASS
    told.tick()
    assert 'the robot moves: it rests since 0.0 s, needed 0.3' in told.reset().reason
    told.rest(0.29)
    fast = replace(nominal_state(robot, told.now).joints, velocity=np.full(12, 2.0))
    told.tick(joints=fast)  # it begins to sink
    told.rest(0.29)
    assert not told.reset().accepted
    told.rest(0.02)
    assert told.reset().accepted


def test_rest_is_counted_anew_when_time_jumps_back(told):
    latch(told)
    told.joint.severity = Severity.PASS
    told.rest(0.1)
    told.now -= 3_000_000_000
    told.tick()
    assert 'it rests since 0.0 s' in told.reset().reason
    told.rest()
    assert told.reset().accepted


def test_what_a_reset_requires_is_told_beforehand(told):
    latch(told)
    told.rest()
    assert told.supervisor.reset_requires(nominal_state(told.robot, told.now)) == (
        'the cause persists: it burns',
    )


def test_there_is_nothing_to_reset_where_nothing_is_latched(told):
    told.tick()
    answer = told.reset()
    assert not answer.accepted
    assert told.supervisor.phase is Phase.ENGAGED


def test_recover_hands_over_to_the_recovery_and_does_not_latch(robot):
    up = JointCommand(NOW, position=robot.default_pose + 0.05)
    told = Told(robot, recovery=Says(Severity.LIMIT, up))
    told.tick()
    told.joint.severity = Severity.RECOVER
    for _ in range(5):
        assert told.tick().command is up
    assert told.steer().command.is_zero
    told.joint.severity = Severity.PASS
    assert told.tick().severity == Severity.PASS
    assert told.supervisor.phase is Phase.ENGAGED


@pytest.mark.parametrize('bad', [ValueError('lost'), Severity.DAMP])
def test_a_recovery_that_breaks_damps(robot, bad):
    told = Told(robot, recovery=Says(bad))
    told.tick()
    told.joint.severity = Severity.RECOVER
    assert told.tick().command.is_damping
    assert told.supervisor.phase is Phase.LATCHED


def test_what_a_recovery_wants_is_judged_too(robot):
    nan = JointCommand(NOW, position=np.full(12, np.nan))
    told = Told(robot, recovery=Says(Severity.LIMIT, nan))
    finite = Finite(FiniteConfig(), PluginContext(robot=robot))
    parts = Parts(
        robot,
        [told.joint, finite],
        [],
        Fallback(FallbackConfig(), robot),
        ResetConfig(),
        Says(Severity.LIMIT, nan),
    )
    told.supervisor = Supervisor(parts)
    told.tick()
    told.joint.severity = Severity.RECOVER
    assert told.tick().command.is_damping


def test_a_robot_that_can_folds_before_it_goes_soft_when_a_source_falls_silent(robot):
    fold = robot.default_pose - 0.2
    config = FallbackConfig(crouch_pose=tuple(fold), crouch_s=0.1, crouch_for=('Says',))
    told = Told(robot, fallback=config)
    told.tick()
    told.tick()
    told.joint.severity = Severity.DAMP
    targets = [told.tick().command for _ in range(40)]
    # 0.1 s are 20 ticks
    assert all(command.position is not None for command in targets[:20])
    np.testing.assert_allclose(targets[0].position, robot.default_pose)
    np.testing.assert_allclose(targets[19].position, robot.default_pose - 0.2 * 19 / 20)
    assert all(command.is_damping for command in targets[20:])


def test_an_emergency_stop_never_folds(robot):
    config = FallbackConfig(crouch_pose=tuple(robot.default_pose - 0.2), crouch_for=('Says',))
    told = Told(robot, fallback=config)
    told.tick()
    told.tick()
    told.supervisor.stop('button', told.now)
    assert told.tick().command.is_damping


def test_a_crouch_pose_of_another_robot_is_refused(robot):
    with pytest.raises(ValueError, match='crouch_pose has 2 values, go2 has 12 joints'):
        Fallback(FallbackConfig(crouch_pose=(0.0, 1.0)), robot)


def test_a_jump_of_the_clock_gives_no_licence_for_a_large_step(drive, robot):
    engaged = drive().engage()
    seen = []
    engaged.supervisor._joint._checks = (
        ('Spy', type('Spy', (), {'check': lambda _, c, s, n: seen.append(s.tick_s) or _ok(c)})()),
    )
    for jump_ns in (TICK, 10**12, -(2 * 10**12)):
        engaged.now += jump_ns - TICK
        engaged.tick()
    assert seen == [pytest.approx(0.005), 0.02, 0.0]


def _ok(command):
    return Verdict(Severity.PASS, command)


def test_the_real_checks_engage_a_robot_at_rest_and_let_it_walk(drive):
    engaged = drive().engage()
    for _ in range(40):
        assert engaged.tick().severity == Severity.PASS
        velocity = engaged.velocity()
    assert velocity.command.vx == pytest.approx(0.3)


def test_a_lying_robot_is_raised_at_the_engage_speed(drive, robot):
    lying = robot.default_pose + np.tile([0.0, 0.6, -1.1], 4)
    raised = drive()
    position, last = lying, lying
    for _ in range(400):
        joints = JointState(raised.now, position, np.zeros(12), np.zeros(12))
        verdict = raised.tick(joints=joints)
        if verdict.command.position is not None:
            step = np.abs(verdict.command.position - last).max()
            assert step <= 2.0 * 0.5 * TICK * 1e-9 + 1e-9 or verdict.severity == Severity.PASS
            position = last = verdict.command.position
    assert verdict.severity == Severity.PASS
    np.testing.assert_allclose(position, robot.default_pose)


class Limits(Says):
    """A check with a time by which it has to be asked again."""

    def due_ns(self, state):
        return state.since_ns + 7


def test_it_says_when_it_has_to_be_asked_again_only_while_it_is_engaged(robot):
    told = Told(robot)
    told.supervisor._parts.joint_checks.append(Limits())
    state = nominal_state(robot, NOW)
    assert told.supervisor.due_ns(state) is None
    for _ in range(4):
        told.tick()
    assert told.supervisor.due_ns(state) == state.since_ns + 7
    told.supervisor.stop('told to', told.now)
    assert told.supervisor.due_ns(state) is None
