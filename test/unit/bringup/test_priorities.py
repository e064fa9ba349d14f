# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Processes of a stack have the priorities that it gives them, and they count."""

import os
import sys

import pytest
from robot_policies.bringup import command
from robot_policies.bringup.process import ManagedProcess
from robot_policies.resources import read_yaml, share_dir


class Node:
    """As much of a planned node as has a priority."""

    def __init__(self, nice):
        self.nice = nice


@pytest.mark.parametrize(
    ('nice', 'lowest', 'words'),
    [
        (10, 0, ['nice', '-n', '10']),
        (-10, -20, ['nice', '-n', '-10']),
        (-10, 0, []),
        (0, -20, []),
    ],
)
def test_a_node_goes_before_others_only_where_that_is_allowed(monkeypatch, nice, lowest, words):
    monkeypatch.setattr(command, 'lowest_nice', lambda: lowest)
    assert command.priority(Node(nice)) == words


@pytest.mark.parametrize('stack', ['go2_mujoco', 'go2_gazebo', 'go2_hardware'])
def test_safety_comes_first_and_whoever_only_looks_on_last(stack):
    nodes = read_yaml(share_dir() / 'config' / 'stacks' / f'{stack}.yaml')['nodes']
    nice = {node['name']: node.get('nice', 0) for node in nodes}
    assert nice['safety'] == min(nice.values())
    assert nice['safety'] < nice['locomotion'] < nice['policy'] < nice['dashboard']


def test_a_process_has_a_group_of_its_own_in_the_session_of_its_starter(tmp_path):
    sleeper = [sys.executable, '-c', 'import time; time.sleep(60)']
    process = ManagedProcess('x', sleeper, dict(os.environ), tmp_path / 'log', False)
    try:
        assert os.getpgid(process.pid) == process.pid
        assert os.getsid(process.pid) == os.getsid(0)  # else Linux ignores nice between them
    finally:
        process.send(9)
