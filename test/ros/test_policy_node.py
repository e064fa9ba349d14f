# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The policy node: what it publishes, when it stands, and how a policy is swapped."""

import json
import os
from types import SimpleNamespace

from node_rig import NodeRig, values_of
import numpy as np
import plugins_for_tests
import pytest
from rclpy.parameter import Parameter
from robot_policies.core.action_buffer import Merge
from robot_policies.core.data_types import PolicyStatus
from robot_policies.core.policy_executor import Level, PolicyReport
from robot_policies.nodes.policy_node import PolicyNode
from robot_policies.ros import topics
from robot_policies.ros.codecs.chunks import chunk_from_msg
from robot_policies.ros.policy_outputs import PolicyOutputs
from robot_policies.ros.real_time import INFERENCE, is_granted
from scheduled_threads import all_ordinary, scheduled

STRAIGHT = 'plugins_for_tests:StraightPolicy'
pytestmark = pytest.mark.ros


@pytest.fixture
def rig(rig):
    plugins_for_tests.release.clear()
    yield rig
    plugins_for_tests.release.set()


@pytest.fixture
def velocities(rig):
    return rig.hear(topics.POLICY_CMD_VEL)


@pytest.fixture
def statuses(rig):
    return rig.hear(topics.POLICY_STATUS)


def start(rig: NodeRig, **parameters):
    """Start with patience: a busy machine may stop a test process for a while."""
    given = {'policy__plugin': STRAIGHT, 'camera_timeout_s': 5.0, 'max_skew_s': 9.0}
    given |= {'odom_timeout_s': 5.0, 'policy__steps': 30} | parameters
    return rig.active(PolicyNode, **{k: v for k, v in given.items() if v is not None})


def feed(rig: NodeRig):
    rig.feed(50.0, rig.odom)
    return rig.feed(30.0, rig.image)


def vx(velocities) -> float:
    return velocities[-1].twist.linear.x if velocities else 0.0


def test_each_reason_to_stand_is_logged_once_whatever_its_numbers():
    lines, silent = [], SimpleNamespace(publish=lambda _: None)
    node = SimpleNamespace(
        robot=SimpleNamespace(body=SimpleNamespace(base_frame='base')),
        publisher=lambda _: silent,
        diagnostics=SimpleNamespace(warn=lambda *_: True, clear=lambda _: None),
        get_logger=lambda: SimpleNamespace(info=lines.append),
        get_fully_qualified_name=lambda: '/policy',
    )
    outputs = PolicyOutputs(node)
    stands = [
        *(f'camera/front is {age} ms old, limit 260' for age in (261, 281)),
        *(f'odom is {age} ms old, limit 200' for age in (201, 221)),
    ]
    goes = [f'Walking to the red ball, {metres} m away.' for metres in (3, 2)]
    for level, words in ((Level.WARN, stands), (Level.OK, goes)):
        for text in words:
            report = PolicyReport(PolicyStatus.IDLE, level, text, 'walk to the red ball')
            outputs.status(report, 'go2_instruction', 50.0, 0)
    assert lines == [stands[0], stands[2], goes[0]]


def test_it_publishes_zero_velocity_before_it_is_told_anything(rig, velocities, wait_for):
    start(rig)
    feed(rig)
    wait_for(lambda: len(velocities) > 20)
    assert all(message.twist.linear.x == 0.0 for message in velocities)
    assert velocities[-1].header.frame_id == 'base'


def test_it_follows_the_policy_and_never_jumps(rig, velocities, wait_for):
    start(rig)
    feed(rig)
    rig.instruct('walk to the red ball')
    wait_for(lambda: vx(velocities) == pytest.approx(0.5, abs=0.01))
    speeds = np.array([message.twist.linear.x for message in velocities])
    stamps = np.array([ns(message) for message in velocities])
    # 2 m/s² is the robot's limit, over the time that really passed: some are not heard
    allowed = 2.0 * np.diff(stamps) / 1e9
    assert (np.abs(np.diff(speeds)) <= allowed + 1e-6).all()


def test_an_empty_instruction_stops_it(rig, velocities, statuses, wait_for):
    start(rig)
    feed(rig)
    rig.instruct('walk')
    wait_for(lambda: vx(velocities) > 0.45)
    rig.instruct('')
    wait_for(lambda: vx(velocities) == 0.0)
    wait_for(lambda: statuses[-1].message == 'No instruction: standing.')
    # it keeps standing although images keep coming
    count = len(velocities)
    wait_for(lambda: len(velocities) > count + 20)
    assert all(message.twist.linear.x == 0.0 for message in list(velocities)[count:])


def test_a_new_instruction_reaches_the_policy_after_a_reset(rig, velocities, wait_for):
    node = start(rig)
    feed(rig)
    rig.instruct('walk')
    policy = node._run.policy
    wait_for(lambda: policy.asked[-1].instruction == 'walk')
    resets = policy.resets
    rig.instruct('walk on')
    wait_for(lambda: policy.asked[-1].instruction == 'walk on')
    assert policy.resets == resets + 1


def test_when_the_camera_stops_it_stands_says_why_and_goes_on_by_itself(
    rig, velocities, statuses, wait_for
):
    start(rig, camera_timeout_s=0.5)
    images = feed(rig)
    rig.instruct('walk')
    wait_for(lambda: vx(velocities) > 0.45)
    images.stop()
    wait_for(lambda: vx(velocities) == 0.0)
    wait_for(lambda: 'camera/front is' in statuses[-1].message)
    assert 'limit 500' in statuses[-1].message
    rig.feed(30.0, rig.image)
    wait_for(lambda: vx(velocities) > 0.45)
    assert values_of(statuses[-1])['status'] == 'ACTING'


def test_the_velocity_goes_out_before_an_image_is_taken_in(rig, wait_for):
    node, order = start(rig), []
    say, poll = node._outputs.velocity, node._inputs.poll
    node._outputs.velocity = lambda velocity: (order.append('said'), say(velocity))
    node._inputs.poll = lambda *given: (order.append('taken in'), poll(*given))
    wait_for(lambda: len(order) > 20)
    begin = order.index('said')
    assert order[begin : begin + 10] == ['said', 'taken in'] * 5


def test_a_silent_camera_is_noticed_before_the_next_question(rig, velocities, statuses, wait_for):
    node = start(rig, camera_timeout_s=0.5, inference_hz=0.1)  # the next one is ten seconds away
    images = feed(rig)
    wait_for(lambda: all(source.slot.received for source in node._inputs._sources.values()))
    rig.instruct('walk')
    wait_for(lambda: vx(velocities) > 0.45)
    images.stop()
    wait_for(lambda: 'camera/front is' in statuses[-1].message, 5.0)


def test_a_camera_that_repeats_one_stamp_is_as_good_as_none(rig, velocities, statuses, wait_for):
    start(rig, camera_timeout_s=0.5)
    rig.feed(50.0, rig.odom)
    frozen_ns = rig.now_ns()
    rig.feed(30.0, lambda _now_ns: rig.image(frozen_ns))
    rig.instruct('walk')
    wait_for(lambda: statuses and 'camera/front is' in statuses[-1].message)
    wait_for(lambda: vx(velocities) == 0.0)


def test_one_message_from_the_future_freezes_no_source(rig, velocities, wait_for):
    node = start(rig)
    feed(rig)
    rig.instruct('walk')
    wait_for(lambda: vx(velocities) > 0.45)
    asked = node._run.policy.asked
    odometry = next(i for i in node._inputs._sources.values() if i.slot.name == 'odom')

    def refused():
        rig.say(*rig.odom(rig.now_ns() + 100_000_000_000))  # one of them may be lost
        return odometry.slot.rejected

    wait_for(refused)
    now_ns = rig.now_ns()
    wait_for(lambda: asked[-1].odometry.stamp_ns > now_ns)
    assert asked[-1].odometry.stamp_ns <= rig.now_ns()


def test_a_camera_that_repeats_its_pixels_is_found_out_where_told_to(
    rig, velocities, statuses, wait_for
):
    start(rig, camera_frozen_s=0.6)
    feed(rig)
    rig.instruct('walk')
    wait_for(lambda: statuses and 'has shown the same for' in statuses[-1].message)
    wait_for(lambda: vx(velocities) == 0.0)


def test_a_policy_that_hangs_is_followed_to_its_horizon_and_no_farther(
    rig, velocities, statuses, wait_for
):
    node = start(rig, policy__first_dark=True, policy__steps=5, answer_timeout_s=0.3)
    feed(rig)
    plugins_for_tests.release.set()
    rig.instruct('walk')
    wait_for(lambda: vx(velocities) > 0.3)
    plugins_for_tests.release.clear()
    wait_for(lambda: vx(velocities) == 0.0)
    wait_for(lambda: 'does not answer' in statuses[-1].message)
    # the output goes on: zero, and fresh
    end_ns = node._executor.buffer.end_ns()
    wait_for(lambda: ns(velocities[-1]) > end_ns + 300_000_000)
    late = [m for m in velocities if ns(m) > end_ns + 150_000_000]
    assert all(message.twist.linear.x == 0.0 for message in late)


def test_a_policy_that_fails_stands_and_is_reported(rig, velocities, statuses, wait_for):
    start(rig, policy__fails=True)
    feed(rig)
    rig.instruct('walk')
    wait_for(lambda: statuses and 'no idea where to go' in statuses[-1].message)
    assert statuses[-1].level == b'\x02'
    assert all(message.twist.linear.x == 0.0 for message in velocities)


@pytest.mark.parametrize('status', ['NOT_SEEN', 'NOT_UNDERSTOOD', 'REACHED'])
def test_it_stands_whatever_the_actions_when_the_policy_says_so(
    rig, velocities, statuses, wait_for, status
):
    words = "I don't see a purple cone."
    node = start(rig, policy__status=status, policy__message=words)
    feed(rig)
    rig.instruct('walk to the purple cone')
    wait_for(lambda: statuses and statuses[-1].message == words)
    assert values_of(statuses[-1])['status'] == status
    assert (words in node.diagnostics.status().message) == (status != 'REACHED')
    count = len(velocities)
    wait_for(lambda: len(velocities) > count + 10)
    assert all(message.twist.linear.x == 0.0 for message in velocities)


def test_chunks_are_published_with_the_stamp_of_the_image(rig, wait_for):
    chunks, node = rig.hear(topics.POLICY_CHUNK), start(rig)
    feed(rig)
    rig.instruct('walk')
    wait_for(lambda: chunks)
    chunk = chunk_from_msg(chunks[0])
    assert chunk.actions.shape == (30, 3)
    assert chunk.dt_ns == 100_000_000
    assert chunk.stamp_ns in [seen.stamp_ns for seen in node._run.policy.asked]
    assert chunk.stamp_ns == node._run.policy.asked[1].images['front'].stamp_ns


def test_bad_chunks_are_counted_and_none_of_them_is_executed(rig, velocities, wait_for):
    """F8 on the running node; 10,000 of them go through the buffer in its unit test."""
    node = start(rig, policy__plugin='plugins_for_tests:FaultyPolicy', inference_hz=100.0)
    rig.feed(50.0, rig.odom)
    rig.feed(100.0, rig.image)
    rig.instruct('walk')
    counts = node._executor.buffer.counts
    kinds = set(Merge) - {Merge.LATE}  # with others merged before, what is late is reordered
    wait_for(lambda: all(counts[kind] >= 3 for kind in kinds), 30.0, 'every kind of fault')
    count = len(velocities)
    wait_for(lambda: len(velocities) > count + 5)
    assert max(message.twist.linear.x for message in velocities) <= 0.1 + 1e-9
    node.diagnostics.publish()
    assert int(values_of(node.diagnostics.status())['chunks_future']) >= 3


def test_after_a_clock_jump_it_stands_until_everything_is_fresh(rig, velocities, wait_for):
    """F17."""
    node = start(rig, camera_timeout_s=0.5)
    feed(rig)
    rig.instruct('walk')
    wait_for(lambda: vx(velocities) > 0.45)
    true_now_ns = node.now_ns
    node.now_ns = lambda: true_now_ns() + 100_000_000_000
    wait_for(lambda: node._watch.jumps == 1)
    wait_for(lambda: vx(velocities) == 0.0)
    assert node._executor.buffer.end_ns() is None
    node.now_ns = true_now_ns
    wait_for(lambda: vx(velocities) > 0.45)
    assert node._watch.jumps == 2


@pytest.mark.skipif(not is_granted(), reason='no right to run in real time')
@pytest.mark.parametrize(
    ('real_time_inference', 'expected'),
    [(False, (os.SCHED_OTHER, 0)), (True, (os.SCHED_RR, INFERENCE))],
)
def test_inference_runs_in_real_time_only_if_it_is_told_so(
    rig, wait_for, request, real_time_inference, expected
):
    request.addfinalizer(all_ordinary)
    start(rig, real_time_priority=7, real_time_inference=real_time_inference)
    wait_for(lambda: (os.SCHED_RR, 7) in scheduled('control'))
    wait_for(lambda: scheduled('inference') == [expected])


def test_a_swapped_policy_takes_over_without_a_missed_period(rig, velocities, wait_for):
    node = start(rig, policy__plugin=None, policy__checkpoint=STRAIGHT)
    feed(rig)
    rig.instruct('walk')
    wait_for(lambda: vx(velocities) > 0.45)
    before, ticks = len(velocities), node._loops[0].monitor.ticks
    new = 'plugins_for_tests:FastPolicy'
    answer = node.set_parameters([Parameter('policy.checkpoint', value=new)])[0]
    assert answer.successful, answer.reason
    # it was half a second in the making, and the output went on all the while, moving
    assert node._loops[0].monitor.ticks > ticks + 5
    wait_for(lambda: vx(velocities) == pytest.approx(0.9, abs=0.01))
    assert min(message.twist.linear.x for message in list(velocities)[before:]) > 0.4
    assert node.get_parameter('policy.checkpoint').value == new


def test_a_policy_whose_inputs_do_not_come_does_not_take_over(rig, velocities, wait_for, tmp_path):
    content = {'class': STRAIGHT, 'robot': 'go2', 'config': {'inputs': ['features/x']}}
    (tmp_path / 'config.json').write_text(json.dumps(content))
    node = start(rig, policy__plugin=None, policy__checkpoint=STRAIGHT, takeover_timeout_s=2.0)
    feed(rig)
    rig.instruct('walk')
    wait_for(lambda: vx(velocities) > 0.45)
    before = len(velocities)
    answer = node.set_parameters([Parameter('policy.checkpoint', value=str(tmp_path))])[0]
    assert 'cannot take over: features/x has not arrived' in answer.reason
    count = len(velocities)
    wait_for(lambda: len(velocities) > count + 20)
    assert min(message.twist.linear.x for message in list(velocities)[before:]) > 0.4
    assert node.get_parameter('policy.checkpoint').value == STRAIGHT


@pytest.mark.parametrize(
    ('new', 'words'),
    [
        ('nowhere', 'no config.json there'),
        ('plugins_for_tests:BrokenPolicy', 'expected finite (H, 3)'),
        ('plugins_for_tests:NoPolicy', 'has no class NoPolicy'),
    ],
)
def test_a_swap_to_what_does_not_work_is_refused_and_the_old_one_stays(
    rig, velocities, wait_for, new, words
):
    node = start(rig, policy__plugin=None, policy__checkpoint=STRAIGHT)
    feed(rig)
    rig.instruct('walk')
    wait_for(lambda: vx(velocities) > 0.45)
    answer = node.set_parameters([Parameter('policy.checkpoint', value=new)])[0]
    assert not answer.successful
    assert words in answer.reason
    assert node.get_parameter('policy.checkpoint').value == STRAIGHT
    count = len(velocities)
    wait_for(lambda: len(velocities) > count + 20)
    assert vx(velocities) > 0.45


def test_a_swapped_policys_configuration_shows_as_parameters(rig, tmp_path):
    content = {'class': STRAIGHT, 'robot': 'go2', 'config': {'vx': 0.7}}
    (tmp_path / 'config.json').write_text(json.dumps(content))
    node = start(rig, policy__plugin=None, policy__checkpoint=STRAIGHT, policy__vx=0.2)
    assert node.get_parameter('policy.vx').value == 0.2
    answer = node.set_parameters([Parameter('policy.checkpoint', value=str(tmp_path))])[0]
    assert answer.successful, answer.reason
    assert node.get_parameter('policy.vx').value == 0.7


def test_a_policy_may_ask_for_scan_and_joints(rig, velocities, wait_for):
    node = start(rig, policy__inputs=['scan', 'joints'])
    rig.feed(50.0, rig.odom, rig.joints, rig.scan)
    rig.instruct('walk')
    wait_for(lambda: vx(velocities) > 0.45)
    asked = node._run.policy.asked[-1]
    np.testing.assert_allclose(asked.joints.position, rig.robot.default_pose)
    assert len(asked.scan.ranges) == 36


@pytest.mark.parametrize(
    ('parameters', 'words'),
    [
        ({'policy__plugin': STRAIGHT, 'policy__inputs': ['smell']}, 'the policy asks for smell'),
        (
            {'policy__plugin': STRAIGHT, 'policy__inputs': ['camera/tail']},
            "has no camera 'tail', it has front",
        ),
        ({'policy__plugin': STRAIGHT, 'policy__broken': True}, 'weights for another animal'),
        ({'policy__plugin': 'plugins_for_tests:BrokenPolicy'}, 'expected finite (H, 3)'),
        ({'policy__plugin': STRAIGHT, 'inference_hz': 0.0}, 'outside [0.1, 100] Hz'),
        ({'policy__plugin': STRAIGHT, 'policy__speed': 1.0}, 'speed is unknown'),
    ],
)
def test_it_does_not_configure_with_what_cannot_work(rig, parameters, words):
    assert words in rig.refusal(PolicyNode, **parameters)


def ns(message) -> int:
    return message.header.stamp.sec * 10**9 + message.header.stamp.nanosec
