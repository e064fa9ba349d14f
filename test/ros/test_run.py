# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A node as a process: how it starts, stops and refuses."""

import os
from pathlib import Path
import signal
import subprocess
import sys
import time

import pytest
import rclpy
from rclpy.context import Context
from robot_policies.ros.run import EXIT_CONFIGURATION, EXIT_OK

GOOD = ('-p', 'controller.plugin:=plugins_for_tests:EchoController')
pytestmark = pytest.mark.ros


class Process:
    """A locomotion node; `read` gives all it has said."""

    def __init__(self, *arguments: str) -> None:
        here = Path(__file__).parent
        self._child = subprocess.Popen(
            [
                sys.executable,
                '-m',
                'robot_policies.nodes.locomotion_node',
                '--ros-args',
                *arguments,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=os.environ | {'PYTHONPATH': f'{here}:{here.parent.parent}'},
            text=True,
        )

    def send(self, number: int) -> None:
        self._child.send_signal(number)

    def runs(self) -> bool:
        return self._child.poll() is None

    def end(self) -> tuple[int, str]:
        said, _ = self._child.communicate(timeout=20.0)
        return self._child.returncode, said

    def close(self) -> None:
        if self._child.poll() is None:
            self._child.kill()
            self._child.communicate()


@pytest.fixture
def start():
    running = []

    def start(*arguments):
        running.append(Process(*arguments))
        return running[-1]

    yield start
    for process in running:
        process.close()


@pytest.fixture
def names(ros_domain):
    """Return a function that gives the names of the nodes that can be seen."""
    context = Context()
    rclpy.init(context=context, domain_id=ros_domain)
    node = rclpy.create_node('watcher', context=context)
    yield node.get_node_names
    node.destroy_node()
    context.shutdown()


@pytest.fixture
def active(start, ros_domain, wait_for, names):
    """Start a good node and wait until it is active."""

    def active():
        process = start(*GOOD)
        wait_for(lambda: 'locomotion' in names(), 20.0, 'the node in the graph')
        return process

    return active


def test_sigterm_ends_it_cleanly(active):
    process = active()
    process.send(signal.SIGTERM)
    code, said = process.end()
    assert code == EXIT_OK
    assert 'Traceback' not in said


def test_ctrl_c_again_and_again_until_the_process_is_gone_changes_nothing(active):
    process = active()
    until_s = time.monotonic() + 30.0
    while process.runs() and time.monotonic() < until_s:
        process.send(signal.SIGINT)
        time.sleep(0.003)  # as fast as nobody types
    code, said = process.end()
    assert code == EXIT_OK
    assert 'Traceback' not in said


@pytest.mark.parametrize(
    ('arguments', 'words'),
    [
        (('-p', 'controller.checkpoint:=nowhere'), 'no config.json there'),
        ((*GOOD, '-p', 'contrl_hz:=5.0'), 'contrl_hz is unknown, did you mean control_hz?'),
        (('--params-file', 'nowhere.yaml'), "Couldn't parse params file"),
    ],
)
def test_a_wrong_configuration_ends_it_with_one_message_and_status_2(
    start, ros_domain, arguments, words
):
    code, said = start(*arguments).end()
    assert code == EXIT_CONFIGURATION
    assert words in said
    assert 'Traceback' not in said
    assert len([line for line in said.splitlines() if words in line]) == 1


def test_a_second_node_of_the_same_name_is_refused_and_the_first_goes_on(active, start):
    first = active()
    code, said = start(*GOOD).end()
    assert code == EXIT_CONFIGURATION
    assert '/locomotion: a node of this name is running already in ROS domain' in said
    first.send(signal.SIGINT)
    assert first.end()[0] == EXIT_OK


def test_another_namespace_is_another_robot(active, start, names, wait_for):
    active()
    second = start(*GOOD, '-r', '__ns:=/other')
    wait_for(lambda: names().count('locomotion') == 2, 20.0)
    second.send(signal.SIGINT)
    code, said = second.end()
    assert code == EXIT_OK, said


def test_a_killed_node_can_be_started_again_at_once(active, start, names, wait_for):
    """Its ghost stays in the graph for a while, and must not be taken for a twin."""
    first = active()
    first.send(signal.SIGKILL)
    first.end()
    assert 'locomotion' in names()
    second = start(*GOOD)
    wait_for(lambda: names().count('locomotion') == 2, 20.0, 'ghost and new one')
    # active only if it was not refused: then it lives until it is told to stop
    second.send(signal.SIGINT)
    code, said = second.end()
    assert code == EXIT_OK, said
    assert 'running already' not in said


def test_without_autostart_it_waits_to_be_configured(start, ros_domain, names, wait_for):
    process = start(*GOOD, '-p', 'autostart:=false')
    wait_for(lambda: 'locomotion' in names(), 20.0)
    process.send(signal.SIGINT)
    assert process.end()[0] == EXIT_OK
