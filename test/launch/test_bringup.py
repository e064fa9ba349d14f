# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`bringup.launch.py` with the real nodes: the robot gets commands, and all end cleanly."""

import time

import pytest

launch_pytest = pytest.importorskip('launch_pytest', reason='needs a ROS 2 installation')

from launch import LaunchDescription  # noqa: E402
from launch.actions import IncludeLaunchDescription  # noqa: E402
from launch.events.process import ProcessExited  # noqa: E402
from launch.launch_description_sources import PythonLaunchDescriptionSource  # noqa: E402
import rclpy  # noqa: E402
from robot_policies.resources import share_dir  # noqa: E402
from robot_policies.ros import topics  # noqa: E402

BRINGUP = share_dir() / 'launch' / 'bringup.launch.py'
EXPECTED = {'sim', 'safety', 'locomotion', 'policy', 'trace'}


@launch_pytest.fixture
def stack(ros_domain, tmp_path, monkeypatch):
    monkeypatch.setenv('ROS_LOG_DIR', str(tmp_path / 'log'))
    exits = {}
    source = PythonLaunchDescriptionSource(str(BRINGUP))
    arguments = {
        'stack': 'go2_mujoco',
        'world': 'empty',
        'real_time_factor': '0.3',  # a busy machine keeps up
        'namespace': 'robot_a',
        'dashboard': 'false',
        'record': 'false',
        'runs': str(tmp_path / 'runs'),
    }
    note = launch_pytest.actions.ReadyToTest()
    handler = _on_exit(exits)
    include = IncludeLaunchDescription(source, launch_arguments=arguments.items())
    return LaunchDescription([handler, include, note]), exits


def _on_exit(exits):
    from launch.actions import RegisterEventHandler
    from launch.event_handlers import OnProcessExit

    def remember(event: ProcessExited, _context):
        exits[event.process_name.split('-')[0]] = event.returncode

    return RegisterEventHandler(OnProcessExit(on_exit=remember))


@pytest.mark.launch(fixture=stack)
def test_the_shipped_stack_commands_the_robot_and_ends_cleanly(stack):
    _, exits = stack
    context = rclpy.Context()
    rclpy.init(context=context)
    node = rclpy.create_node('listener', context=context, namespace='robot_a')
    executor = rclpy.executors.SingleThreadedExecutor(context=context)
    executor.add_node(node)
    stiff = []

    def on_command(message):
        if len(message.position):  # the supervisor damps by itself; positions need all nodes
            stiff.append(len(message.position))

    topic = topics.JOINT_COMMAND
    node.create_subscription(topic.type, topic.name, on_command, topic.qos)
    deadline = time.monotonic() + 240.0
    while len(stiff) < 100 and time.monotonic() < deadline:
        executor.spin_once(timeout_sec=0.1)
    executor.shutdown()
    context.shutdown()
    assert len(stiff) >= 100
    assert set(stiff) == {12}
    yield
    assert set(exits) == EXPECTED
    assert set(exits.values()) == {0}
