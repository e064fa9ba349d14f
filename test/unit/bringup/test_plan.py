# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""From a stack and what was typed to the processes to start."""

import pytest
from robot_policies.bringup.plan import make_plan, parse_assignments
from robot_policies.bringup.stack import read_stack
from robot_policies.core.errors import ConfigError

STACK = read_stack(
    {
        'description': 'x',
        'arguments': {
            'robot': {'default': 'go2', 'doc': 'Robot.'},
            'seed': {'default': 0, 'doc': 'Seed.'},
            'factor': {'default': 1.0, 'doc': 'Speed.'},
            'page': {'default': True, 'doc': 'Serve the page.'},
            'kind': {'default': 'a', 'doc': 'One of two.', 'choices': ['a', 'b']},
        },
        'nodes': [
            {
                'name': 'sim',
                'module': 'm.sim',
                'parameters': {'robot': '$(robot)', 'seed': '$(seed)', 'list': ['$(factor)', 2.0]},
                'remaps': {'odom': '$(robot)/odom'},
                'env': {'DIR': '$(run_dir)/x'},
            },
            {'name': 'page', 'module': 'm.page', 'when': '$(page)'},
            {'name': 'tool', 'command': ['run', '--seed', '$(seed)']},
        ],
    },
    name='s',
    where='s.yaml',
)


def plan(**given):
    return make_plan(STACK, given, {'run_dir': '/r'})


def test_defaults_are_filled_in_with_their_types():
    sim = plan().nodes[0]
    assert sim.parameters == {'robot': 'go2', 'seed': 0, 'list': [1.0, 2.0]}
    assert sim.remaps == {'odom': 'go2/odom'}
    assert sim.env == {'DIR': '/r/x'}


def test_what_was_typed_replaces_the_default_everywhere():
    made = plan(robot='spot', seed=7)
    assert made.nodes[0].parameters['robot'] == 'spot'
    assert made.nodes[0].remaps == {'odom': 'spot/odom'}
    assert made.nodes[2].command == ('run', '--seed', '7')


def test_a_comparison_is_true_or_false():
    nodes = [
        {'name': 'a', 'module': 'm', 'when': '$(kind == b)'},
        {'name': 'c', 'module': 'm', 'parameters': {'simulated': '$(factor != 1)'}},
    ]
    arguments = {
        'kind': {'default': 'b', 'doc': 'x'},
        'factor': {'default': 1.0, 'doc': 'x'},
    }
    values = {'description': 'x', 'arguments': arguments, 'nodes': nodes}
    stack = read_stack(values, name='s', where='s.yaml')
    both = make_plan(stack, {}, {})
    assert [node.name for node in both.nodes] == ['a', 'c']
    assert both.nodes[1].parameters == {'simulated': False}
    one = make_plan(stack, {'kind': 'x', 'factor': 0.5}, {})
    assert [node.parameters for node in one.nodes] == [{'simulated': True}]


def test_a_node_whose_condition_is_false_is_left_out():
    assert [node.name for node in plan(page=False).nodes] == ['sim', 'tool']


def test_a_parameter_of_one_node_can_be_typed():
    made = make_plan(STACK, {'sim.world.seed': 3, 'sim.robot': 'g1'}, {'run_dir': ''})
    assert made.nodes[0].parameters['world.seed'] == 3
    assert made.nodes[0].parameters['robot'] == 'g1'
    assert made.nodes[1].parameters == {}


def test_an_integer_is_taken_where_a_float_is_wanted_and_a_number_as_text():
    made = plan(factor=2, robot=7)
    assert made.nodes[0].parameters['list'] == [2.0, 2.0]
    assert made.nodes[0].parameters['robot'] == '7'


@pytest.mark.parametrize(
    ('given', 'message'),
    [
        ({'robt': 'go2'}, 'argument robt is unknown, did you mean robot?'),
        ({'quite_else': 1}, 'known are namespace'),
        ({'sin.robot': 'x'}, 'node sin is unknown, did you mean sim.robot?'),
        ({'seed': 'many'}, "seed: 'many' is a str, expected int"),
        ({'seed': 1.5}, 'seed: 1.5 is a float, expected int'),
        ({'seed': True}, 'seed: True is a bool, expected int'),
        ({'page': 1}, 'page: 1 is a int, expected bool'),
        ({'kind': 'c'}, "kind: 'c' is none of a, b"),
        ({'namespace': 'a b'}, "namespace: 'a b' is none"),
        ({'namespace': '1a'}, "namespace: '1a' is none"),
        ({'duration': 'long'}, "duration: 'long' is a str, expected float"),
        ({'duration': -1}, 'duration: -1.0 s is no time to run'),
    ],
)
def test_a_wrong_argument_is_refused_with_what_was_expected(given, message):
    with pytest.raises(ConfigError, match=message):
        make_plan(STACK, given, {'run_dir': ''})


def test_a_reference_to_nothing_is_refused():
    with pytest.raises(ConfigError, match=r'\$\(run_dir\) is unknown, known are .*seed'):
        make_plan(STACK, {}, {})


def test_words_are_read_as_yaml():
    words = ['seed:=3', 'page:=false', 'robot:=go2', 'a.b:=[1, 2]', 'namespace:=', 'url:=x:=y']
    assert parse_assignments(words) == {
        'seed': 3,
        'page': False,
        'robot': 'go2',
        'a.b': [1, 2],
        'namespace': '',
        'url': 'x:=y',
    }


@pytest.mark.parametrize('words', [['seed=3'], [':=3'], ['seed'], ['a:=1', 'a:=2']])
def test_a_word_that_is_no_assignment_is_refused(words):
    with pytest.raises(ConfigError, match=r'key:=value|given twice'):
        parse_assignments(words)
