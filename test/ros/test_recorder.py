# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The recorder keeps what the stack says, and nothing that happens to it disturbs the others."""

from collections.abc import Iterator
import os
from pathlib import Path
import resource
import signal
import subprocess
import sys
import threading
from typing import Any

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from nav_msgs.msg import Odometry
import pytest
import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.lifecycle import TransitionCallbackReturn
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.qos import ReliabilityPolicy
from robot_policies.data.mcap_reader import read, read_metadata
from robot_policies.evaluation.run_summary_reader import read_run
from robot_policies.nodes.recorder_node import RecorderNode
from robot_policies.ros import topics
from rosbags.highlevel import AnyReader
from sensor_msgs.msg import Image, JointState
from std_msgs.msg import String

pytestmark = pytest.mark.ros
SUCCESS = TransitionCallbackReturn.SUCCESS


@pytest.fixture
def executor(ros_domain: int) -> Iterator[SingleThreadedExecutor]:
    rclpy.init()
    executor = SingleThreadedExecutor()
    thread = threading.Thread(target=executor.spin, daemon=True)
    thread.start()
    yield executor
    executor.shutdown()
    thread.join(5.0)
    for node in executor.get_nodes():
        node.destroy_node()
    rclpy.try_shutdown()


@pytest.fixture
def robot(executor) -> Node:
    node = Node('robot')
    executor.add_node(node)
    return node


def recorder(executor: SingleThreadedExecutor, **values: Any) -> RecorderNode:
    values = {'flush_s': 0.1} | values
    node = RecorderNode(parameter_overrides=[Parameter(k, value=v) for k, v in values.items()])
    executor.add_node(node)
    return node


def started(executor: SingleThreadedExecutor, run_dir: Path, **values: Any) -> RecorderNode:
    node = recorder(executor, run_dir=str(run_dir), **values)
    assert node.trigger_configure() == SUCCESS, node.failure
    assert node.trigger_activate() == SUCCESS, node.failure
    return node


def texts(path: Path, topic: str) -> list[str]:
    return [m.decode().data for m in read(path) if m.topic == topic]


def test_what_was_published_is_read_back_by_another_library(executor, robot, tmp_path, wait_for):
    publisher = robot.create_publisher(JointState, 'joint_states', topics.SENSOR)
    node = started(executor, tmp_path)
    path = tmp_path / 'recording.mcap'
    wait_for(publisher.get_subscription_count, what='the recorder as subscriber')
    sent = []
    for i in range(40):
        message = JointState(name=['hip', 'knee'], position=[float(i), -1.5])
        message.header.stamp.sec = i
        publisher.publish(message)
        sent.append(message)
    wait_for(lambda: len(list(read(path))) >= 40, what='forty messages on the disk')
    assert node.trigger_shutdown() == SUCCESS
    with AnyReader([path]) as reader:
        connections = [c for c in reader.connections if c.topic == '/joint_states']
        received = [
            reader.deserialize(raw, c.msgtype) for c, _, raw in reader.messages(connections)
        ]
    assert [m.header.stamp.sec for m in received] == list(range(40))
    assert [list(m.position) for m in received] == [list(m.position) for m in sent]
    assert received[0].name == ['hip', 'knee']
    assert read_metadata(path)['robot'] == 'go2'


def test_arrival_times_are_exact_although_the_recorder_asks_seldom(
    executor, robot, tmp_path, wait_for
):
    publisher = robot.create_publisher(String, 'instruction', topics.STATE)
    started(executor, tmp_path)
    wait_for(publisher.get_subscription_count)
    times = []
    for i in range(5):  # all within one period of its poll, or across two
        times.append(robot.get_clock().now().nanoseconds)
        publisher.publish(String(data=str(i)))
    path = tmp_path / 'recording.mcap'
    wait_for(lambda: len(texts(path, '/instruction')) == 5)
    messages = [m for m in read(path) if m.topic == '/instruction']
    assert all(m.publish_ns >= t for m, t in zip(messages, times, strict=True))
    assert all(m.log_ns >= m.publish_ns for m in messages)
    stamps = [m.log_ns for m in messages]
    assert stamps == sorted(stamps)
    assert len(set(stamps)) == 5, 'arrival times of the middleware, not of the poll'


@pytest.mark.parametrize(
    ('topic', 'asked'),
    [
        (topics.JOINT_COMMAND, ReliabilityPolicy.BEST_EFFORT),  # only its newest is ever kept
        (topics.INSTRUCTION, ReliabilityPolicy.RELIABLE),
    ],
    ids=lambda value: getattr(value, 'name', str(value)),
)
def test_acknowledgements_are_asked_for_only_where_something_could_be_sent_again(
    executor, robot, tmp_path, wait_for, topic, asked
):
    robot.create_publisher(topic.type, topic.name, topic.qos)
    started(executor, tmp_path)
    heard_by = lambda: robot.get_subscriptions_info_by_topic(f'/{topic.name}')  # noqa: E731
    wait_for(heard_by, what='the recorder as subscriber')
    assert [info.qos_profile.reliability for info in heard_by()] == [asked]


def test_what_was_said_before_it_started_is_recorded_if_it_is_latched(
    executor, robot, tmp_path, wait_for
):
    robot.create_publisher(String, 'instruction', topics.STATE).publish(String(data='early'))
    started(executor, tmp_path)
    wait_for(lambda: texts(tmp_path / 'recording.mcap', '/instruction') == ['early'])


def test_features_that_appear_later_are_found(executor, robot, tmp_path, wait_for):
    started(executor, tmp_path)
    publisher = robot.create_publisher(Image, 'features/front', topics.SENSOR)
    wait_for(publisher.get_subscription_count, what='the recorder as subscriber')
    publisher.publish(Image(encoding='32FC4'))
    wait_for(lambda: [m for m in read(tmp_path / 'recording.mcap') if 'features' in m.topic])


def test_only_the_own_namespace_is_recorded(executor, robot, tmp_path, wait_for):
    mine = robot.create_publisher(String, '/a/instruction', topics.STATE)
    other = robot.create_publisher(String, '/b/instruction', topics.STATE)
    other.publish(String(data='not mine'))
    mine.publish(String(data='mine'))
    overrides = [Parameter('run_dir', value=str(tmp_path)), Parameter('flush_s', value=0.1)]
    node = RecorderNode(namespace='a', parameter_overrides=overrides)
    executor.add_node(node)
    assert node.trigger_configure() == SUCCESS
    assert node.trigger_activate() == SUCCESS
    path = tmp_path / 'recording.mcap'
    wait_for(lambda: texts(path, '/a/instruction') == ['mine'])
    assert texts(path, '/b/instruction') == []


def test_a_remapped_topic_is_recorded_and_known_for_what_it_is(
    executor, robot, tmp_path, wait_for
):
    publisher = robot.create_publisher(Odometry, '/vendor/odom', topics.SENSOR)
    overrides = [Parameter('run_dir', value=str(tmp_path)), Parameter('flush_s', value=0.1)]
    remap = ['--ros-args', '-r', 'odom:=/vendor/odom']
    node = RecorderNode(parameter_overrides=overrides, cli_args=remap)
    executor.add_node(node)
    assert node.trigger_configure() == SUCCESS
    assert node.trigger_activate() == SUCCESS
    wait_for(publisher.get_subscription_count, what='the recorder as subscriber')
    message = Odometry()
    message.pose.pose.position.x = 1.5
    publisher.publish(message)
    path = tmp_path / 'recording.mcap'
    wait_for(lambda: len(read_run(path).motion))
    assert read_run(path).motion.values[0, 0] == 1.5


def test_excluded_topics_are_left_out_and_added_ones_recorded(executor, robot, tmp_path, wait_for):
    more = robot.create_publisher(String, 'my/notes', topics.STATE)
    instruction = robot.create_publisher(String, 'instruction', topics.STATE)
    more.publish(String(data='note'))
    instruction.publish(String(data='secret'))
    started(executor, tmp_path, also=['my/*'], exclude=['instr*'])
    path = tmp_path / 'recording.mcap'
    wait_for(lambda: texts(path, '/my/notes') == ['note'])
    assert texts(path, '/instruction') == []


def test_images_are_thinned_out_on_request(executor, robot, tmp_path, wait_for):
    publisher = robot.create_publisher(Image, 'camera/front/image_raw', topics.SENSOR)
    notes = robot.create_publisher(String, 'instruction', topics.STATE)
    started(executor, tmp_path, image_rate_hz=0.1)
    wait_for(publisher.get_subscription_count)
    for _ in range(8):
        publisher.publish(Image(encoding='rgb8'))
    notes.publish(String(data='end'))  # all before it has been polled when this is on the disk
    path = tmp_path / 'recording.mcap'
    wait_for(lambda: texts(path, '/instruction') == ['end'])
    assert len([m for m in read(path) if m.topic.endswith('image_raw')]) == 1


def test_a_full_disk_is_an_error_diagnostic_and_the_file_stays_readable(
    executor, robot, tmp_path, wait_for
):
    heard: dict[str, DiagnosticStatus] = {}

    def on_diagnostics(message: DiagnosticArray) -> None:
        heard.update({status.name: status for status in message.status})

    robot.create_subscription(DiagnosticArray, '/diagnostics', on_diagnostics, 10)
    publisher = robot.create_publisher(String, 'instruction', topics.STATE)
    node = started(executor, tmp_path)
    path = tmp_path / 'recording.mcap'

    def listeners() -> set[str]:
        return {info.node_name for info in robot.get_subscriptions_info_by_topic('instruction')}

    wait_for(lambda: publisher.get_subscription_count() and 'recorder' in listeners())
    publisher.publish(String(data='kept'))
    wait_for(lambda: texts(path, '/instruction') == ['kept'])

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, hard))
    try:
        publisher.publish(String(data=os.urandom(100_000).hex()))
        wait_for(
            lambda: heard.get('/recorder') and heard['/recorder'].level == DiagnosticStatus.ERROR,
            what='the error on /diagnostics',
        )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert 'File too large' in heard['/recorder'].message
    assert texts(path, '/instruction') == ['kept']
    wait_for(lambda: 'recorder' not in listeners(), timeout_s=30.0, what='the recorder to let go')
    assert node.trigger_shutdown() == SUCCESS, 'it still ends in order'


@pytest.mark.parametrize(
    ('values', 'expected'),
    [
        ({'run_dir': '/proc/nowhere'}, '/proc/nowhere cannot be written'),
        ({'compression': 'rar'}, "compression: 'rar' is none of none, lz4, zstd"),
        ({'flush_s': -1.0}, 'flush_s: -1.0 is outside'),
        ({'rundir': 'x'}, 'did you mean run_dir?'),
        ({'robot': 'go3'}, 'did you mean go2?'),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_recorded(executor, tmp_path, values, expected):
    node = recorder(executor, **{'run_dir': str(tmp_path)} | values)
    assert node.trigger_configure() != SUCCESS
    assert expected in node.failure
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_is_there_is_not_overwritten(executor, tmp_path):
    (tmp_path / 'recording.mcap').write_text('precious')
    node = recorder(executor, run_dir=str(tmp_path))
    assert node.trigger_configure() != SUCCESS
    assert 'recording.mcap' in node.failure
    assert (tmp_path / 'recording.mcap').read_text() == 'precious'


def test_killed_with_9_it_leaves_what_it_had_written(executor, robot, tmp_path, wait_for):
    publisher = robot.create_publisher(String, 'instruction', topics.STATE)
    command = [sys.executable, '-m', 'robot_policies.nodes.recorder_node', '--ros-args']
    command += ['-p', f'run_dir:={tmp_path}', '-p', 'flush_s:=0.1']
    process = subprocess.Popen(command)
    path = tmp_path / 'recording.mcap'
    try:
        wait_for(publisher.get_subscription_count, timeout_s=30.0, what='the process')
        publisher.publish(String(data='before'))
        wait_for(path.is_file, timeout_s=30.0, what='the file')
        wait_for(lambda: texts(path, '/instruction') == ['before'], what='the flush')
    finally:
        process.kill()
        process.wait()
    assert texts(path, '/instruction') == ['before']
