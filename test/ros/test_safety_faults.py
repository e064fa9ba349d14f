# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The rows of the fault contract that end at the safety node, on the running node.

The reaction is asserted; the time it took is printed (`-s`), because a busy machine proves
nothing about time.
"""

import time

import numpy as np
import pytest
from robot_policies.core.data_types import JointCommand
from robot_policies.ros import topics
from robot_policies.ros.codecs.header import fill_duration
from robot_policies.ros.codecs.joints import joint_command_to_msg
from safety_rig import safety_rig

pytestmark = pytest.mark.ros


def react(rig, wait_for, row, break_it, condition, what):
    """Break something, wait for the reaction, and print how long it took."""
    started = time.monotonic()
    break_it()
    wait_for(condition, 15.0, f'{row}: {what}')
    print(f'{row}: {what} after {(time.monotonic() - started) * 1e3:.0f} ms: {rig.words}')  # noqa: T201


def mend(rig, wait_for):
    """Reset, and wait until the robot walks again."""
    wait_for(lambda: rig.call(topics.SAFETY_RESET).success, 10.0, 'a reset that is granted')
    wait_for(rig.walking, 10.0, 'walking again')


@pytest.mark.parametrize('source', ['joint_states', 'imu/data', 'locomotion/command'])
def test_f1_f2_f6_a_source_that_falls_silent_or_freezes_damps_until_a_reset(
    ros_domain, wait_for, source
):
    with safety_rig() as rig:
        wait_for(rig.walking, 15.0, 'walking')
        silences = [('silent', rig.speaking.discard, rig.speaking.add)]
        if source != 'locomotion/command':
            silences.append(('frozen', rig.frozen.add, rig.frozen.discard))
        for how, break_it, repair in silences:
            react(
                rig,
                wait_for,
                f'{source} {how}',
                lambda stop=break_it: stop(source),
                rig.latched,
                'DAMP',
            )
            assert source in rig.status['reason']
            refused = rig.call(topics.SAFETY_RESET)  # F24
            assert not refused.success
            assert 'the cause persists' in refused.message
            assert rig.damps
            repair(source)
            mend(rig, wait_for)


def test_f4_f5_without_scan_or_policy_the_robot_stands_and_goes_on_by_itself(ros_domain, wait_for):
    with safety_rig() as rig:
        wait_for(rig.walking, 15.0, 'walking')
        for row, source in (('F4', 'scan'), ('F5', 'policy/cmd_vel')):
            react(
                rig,
                wait_for,
                row,
                lambda name=source: rig.speaking.discard(name),
                lambda: not rig.base.any() and rig.status['severity'] == 'HOLD',
                'velocity zero',
            )
            assert rig.engaged()  # it stands, on stiff legs
            rig.speaking.add(source)
            wait_for(rig.walking, 10.0, 'walking again, by itself')


def test_f9_what_is_no_command_never_reaches_the_robot(ros_domain, wait_for):
    with safety_rig() as rig:
        good = rig.command.position
        wait_for(rig.walking, 15.0, 'walking')
        nan = good.copy()
        nan[3] = np.nan
        react(
            rig,
            wait_for,
            'F9 NaN',
            lambda: setattr(rig, 'command', JointCommand(0, position=nan)),
            rig.latched,
            'DAMP',
        )
        assert 'FR_hip_joint is nan' in rig.status['reason']
        rig.command = JointCommand(0, position=good)
        mend(rig, wait_for)
        names = list(rig.robot.joint_names)
        react(
            rig,
            wait_for,
            'F9 names',
            lambda: setattr(rig, 'command_names', ['knee', *names[1:]]),
            rig.latched,
            'DAMP when nothing usable comes any more',
        )
        assert 'refused: joints FL_hip_joint are missing; got knee' in rig.words
        rig.command_names = names
        mend(rig, wait_for)
        rig.walk = (np.nan, 0.0, 0.0)
        wait_for(lambda: 'is not finite' in rig.words, 10.0, 'the reason')
        assert rig.status['severity'] == 'HOLD'
        wait_for(lambda: not rig.base.any(), 10.0, 'velocity zero')
        sent = [list(message.position) for _, message in list(rig.commands)]
        assert all(np.isfinite(position).all() for position in sent)


def test_f9_another_order_of_the_joints_is_put_right(ros_domain, wait_for):
    with safety_rig() as rig:
        wait_for(rig.walking, 15.0, 'walking')
        order = np.arange(12)[::-1]
        target = rig.robot.default_pose + 0.01 * np.arange(12)
        # the codec writes values in the robot's order: give it a permuted value and names
        rig.command_names = [rig.robot.joint_names[k] for k in order]
        rig.command = JointCommand(0, position=target[order])
        wait_for(lambda: np.allclose(rig.out.position, target, atol=1e-6), 10.0, 'the target')
        assert list(rig.out.name) == list(rig.robot.joint_names)


def test_f10_what_is_beyond_a_limit_goes_to_the_limit(ros_domain, wait_for):
    with safety_rig() as rig:
        wait_for(rig.walking, 15.0, 'walking')
        limits = {name: rig.robot.per_joint(name) for name in ('lower', 'upper', 'velocity')}
        pose = rig.robot.default_pose
        calf = pose.copy()
        calf[2] = -0.5  # upper limit -0.84, and within reach of the torque
        rig.command = JointCommand(0, position=calf, velocity=np.full(12, 99.0) * np.eye(12)[5])
        react(
            rig,
            wait_for,
            'F10',
            lambda: None,
            lambda: (
                rig.status['severity'] == 'LIMIT'
                and np.isclose(rig.out.position[2], limits['upper'][2])
            ),
            'target at the limit',
        )
        assert not rig.latched()
        for _, message in list(rig.commands):
            if len(message.position):
                assert (np.array(message.position) <= limits['upper'] + 1e-9).all()
                assert (np.array(message.position) >= limits['lower'] - 1e-9).all()
            if len(message.velocity):
                assert (np.abs(message.velocity) <= limits['velocity'] + 1e-9).all()


def test_f11_a_lying_robot_is_raised_slowly_at_every_activation(ros_domain, wait_for):
    lying = np.tile([0.0, 1.3, -2.6], 4)
    with safety_rig(position=lying, follow=True) as rig:
        for activation in range(2):
            rig.commands.clear()
            wait_for(lambda: rig.status.get('check') == 'EngageRamp', 15.0, f'ramp {activation}')
            assert not rig.base.any()
            wait_for(rig.walking, 20.0, 'walking')
            sent = [(t, m.position) for t, m in list(rig.commands) if len(m.position)]
            np.testing.assert_allclose(sent[0][1], lying, atol=0.03)
            # 2 rad/s · 0.5, over half a second: arrival times alone jitter
            speeds = [
                np.abs(np.subtract(late, early)).max() / (t1 - t0)
                for (t0, early), (t1, late) in zip(sent, sent[50:], strict=False)
            ]
            assert max(speeds) < 2.0
            print(f'F11: raised at {max(speeds):.2f} rad/s')  # noqa: T201
            rig.position = lying
            rig.safety._supervisor.stop('the next activation', 0)
            wait_for(rig.latched, 10.0, 'DAMP')
            rig.velocity, rig.position = np.zeros(12), lying
            wait_for(lambda: rig.call(topics.SAFETY_RESET).success, 10.0, 'a reset')


@pytest.mark.parametrize('how', ['tilt', 'height'])
def test_f12_a_fallen_robot_damps(ros_domain, wait_for, how):
    # this robot does not sink, whenever it is engaged: it has stood from the beginning
    with safety_rig({'height.settle_s': 0.0}) as rig:
        wait_for(rig.walking, 15.0, 'walking')
        upright, height = rig.quaternion, rig.height_m

        def fall():
            if how == 'tilt':
                rig.quaternion = np.array([0.6, 0.0, 0.0, 0.8])
            else:
                rig.height_m = 0.08

        react(rig, wait_for, f'F12 {how}', fall, rig.latched, 'DAMP')
        assert ('tilt' if how == 'tilt' else 'base height') in rig.status['reason']
        if how == 'tilt':
            assert 'tilt' in rig.call(topics.SAFETY_RESET).message
        rig.quaternion, rig.height_m = upright, height
        mend(rig, wait_for)


def test_f13_an_obstacle_stops_slows_and_is_left_alone(ros_domain, wait_for):
    with safety_rig(walk=(0.8, 0.0, 0.0)) as rig:
        wait_for(lambda: rig.engaged() and rig.base[0] > 0.7, 20.0, 'walking fast')
        free = rig.ranges
        wall = free.copy()
        wall[170:191] = 0.43  # ahead of the front end at 0.38 m
        react(
            rig,
            wait_for,
            'F13 stop',
            lambda: setattr(rig, 'ranges', wall),
            lambda: not rig.base.any() and 'stop' in rig.words,
            'velocity zero',
        )
        rig.walk = (-0.3, 0.0, 0.0)
        wait_for(lambda: rig.base[0] < -0.25, 10.0, 'backing away')
        farther = free.copy()
        farther[170:191] = 0.38 + 0.5
        rig.walk, rig.ranges = (0.8, 0.0, 0.0), farther
        wait_for(lambda: 0.1 < rig.base[0] < 0.6, 10.0, 'slower')
        rig.ranges = free
        wait_for(lambda: rig.base[0] > 0.7, 10.0, 'walking fast again')


def test_f14_the_e_stop_damps_by_topic_by_service_and_by_silence(ros_domain, wait_for):
    parameters = {'estop.heartbeat_required': True, 'estop.heartbeat_s': 2.0}
    with safety_rig(parameters) as rig:
        rig.press(False)
        wait_for(lambda: (rig.press(False), rig.walking())[1], 15.0, 'walking')
        react(rig, wait_for, 'F14 topic', lambda: rig.press(True), rig.latched, 'DAMP')
        wait_for(lambda: rig.problem('e-stop pressed'), 5.0, 'an ERROR diagnostic')
        assert 'e-stop pressed' in rig.call(topics.SAFETY_RESET).message
        rig.press(False)
        mend(rig, wait_for)

        def press_and_release():
            rig.press(True)
            rig.press(False)

        react(rig, wait_for, 'F14 tap', press_and_release, rig.latched, 'DAMP')
        mend(rig, wait_for)
        react(
            rig,
            wait_for,
            'F14 service',
            lambda: rig.call(topics.SAFETY_STOP),
            rig.latched,
            'DAMP',
        )
        rig.press(False)
        mend(rig, wait_for)
        react(rig, wait_for, 'F14 silence', lambda: None, rig.latched, 'DAMP')
        assert 'safety/estop is silent' in rig.status['reason']


@pytest.mark.parametrize('jump_s', [3600, -3600])
def test_f17_a_jump_of_the_clock_is_survived_without_a_stale_command(ros_domain, wait_for, jump_s):
    with safety_rig() as rig:
        wait_for(rig.walking, 15.0, 'walking')
        wait_for(lambda: rig.status['severity'] == 'PASS', 15.0, 'PASS')
        node, before = rig.safety, rig.safety.now_ns
        flushes = []
        flush = node._inputs.flush
        node._inputs.flush = lambda now_ns: (flushes.append(now_ns), flush(now_ns))
        offset_ns = jump_s * 10**9
        rig_now = rig.now_ns
        rig.now_ns = lambda: rig_now() + offset_ns
        node.now_ns = lambda: before() + offset_ns
        wait_for(lambda: flushes, 10.0, 'a flush')
        wait_for(lambda: 'the clock jumped' in rig.status['reason'], 10.0, 'HOLD, and why')
        wait_for(lambda: rig.walking() and len(flushes) == 1, 10.0, 'walking on')
        assert rig.status['latched'] == 'false'


def test_f17_a_jump_of_simulated_time_wakes_the_supervisor_and_its_going_on_does_not(
    ros_domain, wait_for
):
    with safety_rig({'use_sim_time': True}) as rig:
        clock = rig.node.create_publisher(topics.CLOCK.type, topics.CLOCK.name, topics.CLOCK.qos)
        wait_for(lambda: clock.get_subscription_count() >= 2, 10.0, 'listeners')
        node = rig.safety
        node._loop.stop()  # nobody else takes the time
        (wakes,) = node._listened().values()

        def tell(time_ns):
            message = topics.CLOCK.type()
            fill_duration(message.clock, time_ns)
            clock.publish(message)
            wait_for(lambda: node.now_ns() == time_ns, 10.0, 'the time')

        tell(100 * 10**9)
        node._tick()
        tell(100 * 10**9 + 5_000_000)
        assert not wakes()
        tell(97 * 10**9)
        assert wakes()


@pytest.mark.parametrize('overtakes', [False, True])
def test_f18_a_second_publisher_is_reported_and_its_commands_are_refused(
    ros_domain, wait_for, overtakes
):
    with safety_rig() as rig:
        wait_for(rig.walking, 15.0, 'walking')
        topic = topics.LOCOMOTION_COMMAND
        # an owner that has counted far, unless its count shall be overtaken
        if not overtakes:
            wait_for(lambda: rig.safety._inputs.command.owner._owner > 80, 15.0, 'a count')
        intruder = rig.node.create_publisher(topic.type, topic.name, topic.qos)
        joint_map = rig.robot.joint_map()
        bent = JointCommand(rig.now_ns(), position=rig.robot.default_pose - 0.3)
        message = joint_command_to_msg(bent, joint_map, topic.type())

        def intrude():
            intruder.publish(message)
            return rig.problem('2 publishers on locomotion/command')

        slow = time.monotonic()
        if overtakes:
            wait_for(lambda: intrude() and rig.latched(), 20.0, 'refusing both, and DAMP')
        else:
            react(rig, wait_for, 'F18', intrude, lambda: rig.problem('2 publishers'), 'ERROR')
            while time.monotonic() - slow < 0.5:
                intrude()
                time.sleep(0.05)  # more slowly than the owner, so that it never catches up
            assert rig.engaged()
        assert rig.safety._inputs.command.refused > 0
        for _, sent in list(rig.commands):
            if len(sent.position):
                assert sent.position[0] > rig.robot.default_pose[0] - 0.05


def test_a_person_steers_while_heard_and_the_policy_afterwards(ros_domain, wait_for):
    with safety_rig() as rig:
        wait_for(rig.walking, 15.0, 'walking')
        rig.teleop = (-0.2, 0.0, 0.0)
        wait_for(lambda: rig.base[0] < -0.15, 10.0, 'the person steers')
        wait_for(lambda: rig.status['velocity_source'] == 'teleop/cmd_vel', 10.0, 'the status')
        rig.teleop = None
        wait_for(rig.walking, 10.0, 'the policy steers')


def test_f24_a_reset_is_refused_while_the_robot_moves(ros_domain, wait_for):
    with safety_rig() as rig:
        wait_for(rig.walking, 15.0, 'walking')
        rig.call(topics.SAFETY_STOP)
        wait_for(rig.latched, 10.0, 'DAMP')
        rig.velocity = np.full(12, 1.5)
        wait_for(lambda: '1.5 rad/s' in rig.status['reset_requires'], 10.0, 'the status tells')
        answer = rig.call(topics.SAFETY_RESET)
        assert not answer.success
        assert '1.5 rad/s' in answer.message
        assert rig.damps
        rig.velocity = np.zeros(12)
        mend(rig, wait_for)
