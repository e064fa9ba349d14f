# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Reading stacks: everything wrong in a YAML is said at once, with what was probably meant."""

import importlib.util

import pytest
from robot_policies.bringup.plan import make_plan
from robot_policies.bringup.stack import load_stack, read_stack
from robot_policies.core.errors import ConfigError
from robot_policies.resources import names

NODE = {'name': 'sim', 'module': 'robot_policies.nodes.sim_node'}


def read(**values):
    return read_stack({'description': 'x', 'nodes': [NODE], **values}, name='s', where='s.yaml')


def test_a_stack_has_its_own_and_the_common_arguments():
    stack = read(arguments={'robot': {'default': 'go2', 'doc': 'Robot.', 'kind': 'robots'}})
    assert set(stack.argument_names) == {'namespace', 'duration', 'runs', 'robot'}


@pytest.mark.parametrize(
    ('values', 'message'),
    [
        ({'node': []}, 'node is unknown, did you mean nodes?'),
        ({'description': 3}, 'description: one line of text is needed'),
        ({'nodes': []}, 'nodes: a list of at least one is needed'),
        ({'nodes': {'sim': NODE}}, 'nodes: a list of at least one is needed'),
        ({'nodes': ['sim']}, r'nodes\[0\]: expected a mapping'),
        ({'nodes': [NODE, NODE]}, 'nodes: sim is listed twice'),
        ({'nodes': [{'module': 'a.b'}]}, 'name is missing'),
        ({'nodes': [{'name': 'sim'}]}, 'exactly one of module, package with executable, or'),
        ({'nodes': [{**NODE, 'command': ['ls']}]}, 'exactly one of module'),
        ({'nodes': [{'name': 'a', 'package': 'p'}]}, 'exactly one of module'),
        ({'nodes': [{**NODE, 'modul': 1}]}, 'modul is unknown, did you mean module?'),
        ({'nodes': [{**NODE, 'required': 'yes'}]}, "'yes' is a str, expected bool"),
        ({'nodes': [{**NODE, 'command': 'ls -l'}]}, r"'ls -l' is not a list\[str\]"),
        ({'nodes': [{**NODE, 'parameters': [1]}]}, 'parameters: expected a mapping'),
        ({'nodes': [{**NODE, 'parameters': {'a': {'b': 1}}}]}, 'parameters.a: expected a bool'),
        ({'nodes': [{**NODE, 'parameters': {'a': []}}]}, 'parameters.a: expected a bool'),
        ({'nodes': [{**NODE, 'remaps': {'a': 3}}]}, 'remaps: expected text to text'),
        ({'nodes': [{**NODE, 'env': {'A': True}}]}, 'env: expected text to text'),
        ({'env': {'A': 1}}, 'env: expected a mapping of text to text'),
        ({'arguments': ['robot']}, 'arguments: expected a mapping of names'),
        ({'arguments': {'a': {'default': 1}}}, 'arguments.a: needs default and doc'),
        ({'arguments': {'a': {'default': [1], 'doc': 'x'}}}, 'expected a bool, number or text'),
        ({'arguments': {'a': {'default': 1, 'doc': 'x', 'type': 'int'}}}, 'type is unknown'),
        ({'arguments': {'runs': {'default': 'x', 'doc': 'x'}}}, 'every stack has it already'),
    ],
)
def test_what_is_wrong_in_a_stack_is_said(values, message):
    with pytest.raises(ConfigError, match=message):
        read(**values)


def test_all_problems_are_said_at_once():
    with pytest.raises(ConfigError) as error:
        read(description=None, node=[], nodes=[{'name': 'sim'}, {'module': 'x'}])
    assert len(error.value.problems) == 4


@pytest.mark.parametrize('name', names('stacks'))
def test_a_shipped_stack_is_right_and_its_own_modules_exist(name):
    stack = load_stack(name)
    modules = [node.entry.module for node in stack.nodes if node.entry.module]
    assert modules
    assert all(importlib.util.find_spec(module) is not None for module in modules)
    assert make_plan(stack, {}, {'run_dir': '/r', 'share': '/s'}).nodes


def test_an_unknown_stack_is_answered_with_the_one_that_was_meant():
    with pytest.raises(ConfigError, match='did you mean go2_mujoco'):
        load_stack('go2_mujco')
