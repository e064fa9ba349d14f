# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The policy node with another scheduler: smooth with a slow policy, and still beyond reach."""

from node_rig import NodeRig, values_of
import numpy as np
import plugins_for_tests
import pytest
from rclpy.parameter import Parameter
from robot_policies.nodes.policy_node import PolicyNode
from robot_policies.ros import topics

RTC = 'robot_policies.scheduling.real_time_chunking:RealTimeChunking'
SYNCHRONOUS = 'robot_policies.scheduling.synchronous:Synchronous'
LATEST = 'robot_policies.scheduling.latest_wins:LatestWins'
SLOW = 'plugins_for_tests:SlowPolicy'
STRAIGHT = 'plugins_for_tests:StraightPolicy'
pytestmark = pytest.mark.ros


@pytest.fixture
def rig(rig):
    plugins_for_tests.think['s'] = 0.0
    yield rig
    plugins_for_tests.think['s'] = 0.0


@pytest.fixture
def velocities(rig):
    return rig.hear(topics.POLICY_CMD_VEL)


@pytest.fixture
def statuses(rig):
    return rig.hear(topics.POLICY_STATUS)


def start(rig: NodeRig, **parameters):
    given = {'policy__plugin': SLOW, 'policy__steps': 16, 'camera_timeout_s': 5.0}
    given |= {'max_skew_s': 9.0, 'odom_timeout_s': 5.0, 'answer_timeout_s': 9.0} | parameters
    node = rig.active(PolicyNode, **given)
    rig.feed(50.0, rig.odom)
    rig.feed(30.0, rig.image)
    return node


def vx(velocities) -> float:
    return velocities[-1].twist.linear.x if velocities else 0.0


def assert_smooth(velocities) -> None:
    """The robot's limit is 2 m/s², over the time that really passed: some are not heard."""
    speeds = np.array([message.twist.linear.x for message in velocities])
    stamps = [m.header.stamp.sec * 10**9 + m.header.stamp.nanosec for m in velocities]
    assert (np.abs(np.diff(speeds)) <= 2.0 * np.diff(stamps) / 1e9 + 1e-6).all()


def test_a_slow_policy_is_followed_smoothly_with_a_prefix_as_long_as_its_delay(
    rig, velocities, wait_for
):
    plugins_for_tests.think['s'] = 0.3
    node = start(rig, scheduler__plugin=RTC)
    rig.instruct('walk')
    policy = node._run.policy
    wait_for(lambda: len(policy.prefixes) > 5)
    wait_for(lambda: vx(velocities) > 0.25)
    moving = len(velocities)
    wait_for(lambda: len(velocities) > moving + 50)
    assert min(message.twist.linear.x for message in list(velocities)[moving:]) > 0.2
    assert_smooth(velocities)
    # 0.3 s and more between image and answer: at least the three actions due by then are frozen
    assert policy.prefixes[-1].frozen >= 3
    node.diagnostics.publish()
    values = values_of(node.diagnostics.status())
    assert values['scheduler'] == 'RealTimeChunking'
    assert float(values['delay_ms']) >= 300.0


def test_beyond_the_envelope_it_says_so_and_holds_without_a_jerk_and_goes_on_by_itself(
    rig, velocities, statuses, wait_for
):
    """F16."""
    node = start(rig, scheduler__plugin=RTC, scheduler__delay_window=2)
    rig.instruct('walk')
    wait_for(lambda: vx(velocities) > 0.25)
    plugins_for_tests.think['s'] = 1.5  # and 0.2 s to be executed: more than the chunk's 1.6 s
    wait_for(lambda: statuses and 'Holding: answers come' in statuses[-1].message)
    wait_for(lambda: vx(velocities) == 0.0)
    assert statuses[-1].level == b'\x01'
    assert 'a chunk reaches 1.60 s' in statuses[-1].message
    asked, count = len(node._run.policy.asked), len(velocities)
    wait_for(lambda: len(node._run.policy.asked) > asked)  # it is asked, and not followed
    assert all(message.twist.linear.x == 0.0 for message in list(velocities)[count:])
    plugins_for_tests.think['s'] = 0.0
    wait_for(lambda: vx(velocities) > 0.25)
    wait_for(lambda: 'Holding' not in statuses[-1].message)
    assert_smooth(velocities)


def test_synchronously_it_stands_between_two_chunks(rig, velocities, wait_for):
    plugins_for_tests.think['s'] = 0.1
    start(rig, scheduler__plugin=SYNCHRONOUS, scheduler__steps=6)
    rig.instruct('walk')
    for _ in range(2):
        wait_for(lambda: vx(velocities) > 0.25)
        wait_for(lambda: vx(velocities) == 0.0)
    assert_smooth(velocities)


def test_the_scheduler_is_swapped_while_the_robot_moves(rig, velocities, wait_for):
    node = start(rig, scheduler__blend_s=0.4)
    rig.instruct('walk')
    wait_for(lambda: vx(velocities) > 0.25)
    before = len(velocities)
    answer = node.set_parameters([Parameter('scheduler.plugin', value=RTC)])[0]
    assert answer.successful, answer.reason
    assert not node.has_parameter('scheduler.decay')
    answer = node.set_parameters([Parameter('scheduler.execution_s', value=0.4)])[0]
    assert answer.successful, answer.reason
    assert node.get_parameter('scheduler.execution_s').value == 0.4
    wait_for(lambda: node._run.policy.prefixes)
    wait_for(lambda: len(velocities) > before + 30)
    assert min(message.twist.linear.x for message in list(velocities)[before:]) > 0.2
    assert_smooth(velocities)


def test_a_value_out_of_range_is_refused_and_the_scheduler_stays(rig):
    node = start(rig)
    present = node._executor.buffer.scheduler
    answer = node.set_parameters([Parameter('scheduler.blend_s', value=9.0)])[0]
    assert not answer.successful
    answer = node.set_parameters([Parameter('scheduler.plugin', value='nowhere:Nothing')])[0]
    assert 'there is no package' in answer.reason
    assert node._executor.buffer.scheduler is present
    assert node.get_parameter('scheduler.plugin').value == LATEST


def test_what_needs_a_prefix_is_refused_with_a_policy_that_cannot_continue_one(rig):
    words = rig.refusal(PolicyNode, policy__plugin=STRAIGHT, scheduler__plugin=RTC)
    assert 'RealTimeChunking needs a policy that continues what is being executed' in words
    node = start(rig, policy__plugin=STRAIGHT)
    answer = node.set_parameters([Parameter('scheduler.plugin', value=RTC)])[0]
    assert 'choose another scheduler' in answer.reason
    assert node.get_parameter('scheduler.plugin').value == LATEST


def test_a_policy_that_cannot_continue_a_prefix_does_not_take_over_where_it_must(rig):
    parameters = {'policy__plugin': '', 'policy__checkpoint': SLOW, 'scheduler__plugin': RTC}
    node = start(rig, **parameters)
    answer = node.set_parameters([Parameter('policy.checkpoint', value=STRAIGHT)])[0]
    assert 'infer_with_prefix' in answer.reason
    assert node.get_parameter('policy.checkpoint').value == SLOW
