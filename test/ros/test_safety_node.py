# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The safety node as a node: what it publishes when, and what it refuses to start with."""

import subprocess
import sys
import time

import pytest
import rclpy
from rclpy.lifecycle import TransitionCallbackReturn
from robot_policies.nodes.safety_io import Source
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import imu_from_msg
from robot_policies.safety.sources import SourceMonitor
from safety_rig import PATIENT, safety_rig

pytestmark = pytest.mark.ros


def test_before_anything_is_heard_it_publishes_damping_and_zero(ros_domain, wait_for):
    with safety_rig(speaking=set()) as rig:
        wait_for(lambda: len(rig.commands) > 100, 20.0, 'a stream of commands')
        wait_for(lambda: len(rig.velocities) > 10, 20.0, 'a stream of velocities')
        assert all(not len(m.position) and not any(m.velocity) for _, m in list(rig.commands))
        assert all(m.twist.linear.x == 0.0 for _, m in list(rig.velocities))
        assert rig.status['phase'] == 'waiting'
        assert rig.status['latched'] == 'false'
        assert 'waiting for joint_states' in rig.words
        assert all(list(m.name) == list(rig.robot.joint_names) for _, m in list(rig.commands))


def test_the_status_is_repeated_every_second_for_those_who_come_late(ros_domain, wait_for):
    with safety_rig() as rig:
        wait_for(rig.walking, 15.0, 'walking')
        wait_for(lambda: rig.status['severity'] == 'PASS', 10.0, 'PASS')
        told = len(rig.statuses)
        wait_for(lambda: len(rig.statuses) >= told + 2, 10.0, 'two repetitions')
        assert rig.status['severity'] == 'PASS'


def test_a_node_that_is_not_active_publishes_no_command(ros_domain, wait_for):
    with safety_rig() as rig:
        wait_for(rig.walking, 15.0, 'walking')
        assert rig.safety.trigger_deactivate() == TransitionCallbackReturn.SUCCESS
        wait_for(lambda: rig.status['phase'] == 'inactive', 10.0, 'the status tells')
        # what was on its way has come by the time that the status has
        sent, listened = len(rig.commands), rig._tick
        wait_for(lambda: rig._tick > listened + 50, 10.0, 'the rig to listen on')
        assert len(rig.commands) == sent
        assert rig.safety.trigger_activate() == TransitionCallbackReturn.SUCCESS
        wait_for(rig.walking, 15.0, 'walking again')


def test_a_tick_that_fails_publishes_nothing_and_is_reported(ros_domain, wait_for):
    with safety_rig() as rig:
        wait_for(rig.walking, 15.0, 'walking')

        def broken(*_times):
            raise RuntimeError('short circuit')

        rig.safety._inputs.poll = broken
        wait_for(lambda: rig.problem('short circuit'), 10.0, 'an ERROR diagnostic')
        sent, listened = len(rig.commands), rig._tick
        wait_for(lambda: rig._tick > listened + 50, 10.0, 'the rig to listen on')
        assert len(rig.commands) == sent


def test_ticks_go_on_while_the_executor_is_busy(ros_domain, wait_for):
    with safety_rig() as rig:
        wait_for(rig.walking, 15.0, 'walking')
        busy = {}

        def hog():
            if not busy:
                busy['from'] = len(rig.commands)
                time.sleep(1.0)
                busy['to'] = len(rig.commands)

        rig.safety.slowly(0.01, hog, 'hog')
        wait_for(lambda: 'to' in busy, 15.0, 'the executor to be blocked for a second')
        assert busy['to'] - busy['from'] > 20
        assert rig.engaged()


@pytest.mark.parametrize(
    ('parameters', 'words'),
    [
        ({'checks': ['robot_policies.safety.distance:Distanz']}, 'it has Distance'),
        ({'checks': ['nowhere.at_all:X']}, 'there is no package'),
        ({'tilt.limit_rad': 9.0}, 'outside [0, 3.2] rad'),
        ({'tilt.limit_rad': 'steep'}, 'expected float'),
        ({'tilt.limt_rad': 0.5}, 'did you mean limit_rad?'),
        ({'distanse.stop_m': 0.5}, 'distanse.stop_m is unknown'),
        ({'robot': 'go3'}, "robot 'go3': unknown, did you mean go2?"),
        ({'fallback.crouch_pose': [0.1, 0.2]}, 'crouch_pose has 2 values, go2 has 12 joints'),
        ({'jump.limit_rad': 3.0}, 'limit_rad 3.0 is above refuse_rad'),
        ({'rate_hz': 5.0}, 'outside [50, 1000] Hz'),
    ],
)
def test_f19_a_bad_configuration_does_not_configure_and_says_why(ros_domain, parameters, words):
    with safety_rig(parameters, activate=False) as rig:
        assert rig.safety.trigger_configure() != TransitionCallbackReturn.SUCCESS
        assert words in rig.safety.failure
        assert not rig.commands


def test_a_stop_that_is_called_before_the_node_acts_is_answered_and_kept(ros_domain, wait_for):
    with safety_rig(activate=False) as rig:
        assert rig.safety.trigger_configure() == TransitionCallbackReturn.SUCCESS
        assert rig.call(topics.SAFETY_STOP).success
        assert rig.safety.trigger_activate() == TransitionCallbackReturn.SUCCESS
        wait_for(rig.latched, 15.0, 'the latch')
        assert rig.status['reason'] == 'stopped by service safety/stop'


def test_the_process_has_no_learning_framework_in_it():
    code = (
        'import sys; import robot_policies.nodes.safety_node; '
        'bad = {"torch", "mujoco", "jax", "tensorflow"} & set(sys.modules); assert not bad, bad'
    )
    subprocess.run([sys.executable, '-c', code], check=True)


@pytest.mark.parametrize('simulated', [False, True])
def test_ages_count_from_the_arrival_of_a_message_unless_time_is_simulated(
    ros_domain, wait_for, simulated
):
    context = rclpy.Context()
    rclpy.init(context=context)
    node = rclpy.create_node('ages', context=context)
    try:
        source = Source(node, topics.IMU, imu_from_msg)
        publisher = node.create_publisher(topics.IMU.type, topics.IMU.name, topics.IMU.qos)
        wait_for(lambda: publisher.get_subscription_count() == 1)
        message = topics.IMU.type()
        message.orientation.w, message.header.stamp.sec = 1.0, 1
        monitor, now_ns = SourceMonitor(0), 10_000_000_000
        sent_ns = time.time_ns()
        publisher.publish(message)
        wait_for(lambda: time.time_ns() > sent_ns + 15_000_000)  # it lies there untaken
        system_ns = None if simulated else time.time_ns()
        wait_for(lambda: source.poll(monitor, now_ns, sent_ns, system_ns))
        waited_ns = now_ns - source.arrived_ns
        assert waited_ns == 0 if simulated else waited_ns > 5_000_000
    finally:
        node.destroy_node()
        context.try_shutdown()


@pytest.mark.parametrize('simulated', [False, True])
def test_a_stamp_that_goes_back_is_no_news_on_either_clock(ros_domain, wait_for, simulated):
    context = rclpy.Context()
    rclpy.init(context=context)
    node = rclpy.create_node('stamps', context=context)
    try:
        source = Source(node, topics.IMU, imu_from_msg)
        publisher = node.create_publisher(topics.IMU.type, topics.IMU.name, topics.IMU.qos)
        wait_for(lambda: publisher.get_subscription_count() == 1)
        system_ns = time.time_ns()
        # ages are counted on the steady clock, which knows nothing of the stamps' one
        now_ns = system_ns if simulated else time.monotonic_ns()
        monitor, taken = SourceMonitor(0), []
        for earlier_s in (3, 2, 5, 4, 1):
            message = topics.IMU.type()
            message.orientation.w = 1.0
            message.header.stamp.sec = system_ns // 1_000_000_000 - earlier_s
            publisher.publish(message)
            seen = source.refused + len(taken)

            def came(earlier_s=earlier_s, seen=seen):
                if source.poll(monitor, now_ns, system_ns, None if simulated else system_ns):
                    taken.append(earlier_s)
                return source.refused + len(taken) > seen

            wait_for(came)
        assert taken == [3, 2, 1]
    finally:
        node.destroy_node()
        context.try_shutdown()


def test_the_ticks_come_with_the_imu_and_by_its_own_clock_without(ros_domain, wait_for):
    period_ns = 20_000_000
    with safety_rig({**PATIENT, 'rate_hz': 1e9 / period_ns}) as rig:
        wait_for(rig.walking, 20.0, 'walking')
        monitor = rig.safety._loop.monitor

        def lead():
            """Return a function: ticks from now on beyond those of the node's own clock."""
            ticks, since_ns = monitor.ticks, time.monotonic_ns()
            return lambda: monitor.ticks - ticks - (time.monotonic_ns() - since_ns) / period_ns

        # the rig speaks 200 times a second, the node's clock ticks 50 times
        paced = lead()
        wait_for(lambda: paced() > 20.0, 20.0, 'ticks between those of the clock')
        rig.speaking.discard('imu/data')
        wait_for(rig.latched, 20.0, 'a latch without IMU')
        clocked, ticks = lead(), monitor.ticks
        wait_for(lambda: monitor.ticks > ticks + 50, 20.0, 'ticks without IMU')
        assert clocked() <= 2.0
