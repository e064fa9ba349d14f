# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What is found wrong before anything starts."""

import pytest
from robot_policies.bringup.check import check_plan
from robot_policies.bringup.plan import make_plan
from robot_policies.bringup.stack import load_stack, read_stack
from robot_policies.core.errors import ConfigError


def check(nodes, arguments=None, **given):
    values = {'description': 'x', 'arguments': arguments or {}, 'nodes': nodes}
    stack = read_stack(values, name='s', where='s.yaml')
    check_plan(stack, make_plan(stack, given, {'run_dir': ''}))


def test_a_plan_whose_parts_are_all_there_passes():
    robot = {'robot': {'default': 'go2', 'kind': 'robots', 'doc': 'x'}}
    nodes = [{'name': 'a', 'module': 'json'}, {'name': 'b', 'command': ['ls', '-l']}]
    check(nodes, robot)


def test_all_that_is_missing_is_said_at_once(monkeypatch):
    monkeypatch.setenv('AMENT_PREFIX_PATH', '/nowhere')
    nodes = [
        {'name': 'a', 'module': 'robot_policies.nodes.no_such_node'},
        {'name': 'b', 'module': 'no_such_package.node'},
        {'name': 'c', 'command': ['no_such_program']},
        {'name': 'd', 'package': 'ros_gz_bridge', 'executable': 'parameter_bridge'},
    ]
    robot = {'robot': {'default': 'go3', 'kind': 'robots', 'doc': 'x'}}
    with pytest.raises(ConfigError) as error:
        check(nodes, robot)
    said = str(error.value)
    assert len(error.value.problems) == 5
    assert "robot 'go3': unknown, did you mean go2?" in said
    assert 'node a: there is no module robot_policies.nodes.no_such_node' in said
    assert 'node c: there is no program no_such_program' in said
    assert 'sudo apt install ros-jazzy-ros-gz-bridge' in said


def test_an_executable_of_a_sourced_package_is_found(monkeypatch, tmp_path):
    program = tmp_path / 'lib' / 'some_package' / 'program'
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\n')
    program.chmod(0o755)
    monkeypatch.setenv('AMENT_PREFIX_PATH', f'/nowhere:{tmp_path}')
    check([{'name': 'a', 'package': 'some_package', 'executable': 'program'}])


@pytest.mark.parametrize('given', [{}, {'enable_hardware': False}])
def test_hardware_starts_only_when_the_user_says_so(given):
    stack = load_stack('go2_hardware')
    with pytest.raises(ConfigError, match='start with enable_hardware:=true'):
        check_plan(stack, make_plan(stack, given, {'run_dir': ''}))


def test_the_hardware_node_hears_what_the_user_confirmed():
    plan = make_plan(load_stack('go2_hardware'), {'enable_hardware': True}, {'run_dir': ''})
    (node,) = (node for node in plan.nodes if node.name == 'unitree_go2')
    assert node.parameters['enable_hardware'] is True
    assert node.stage > max(other.stage for other in plan.nodes if other is not node)
