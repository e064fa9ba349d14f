# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Nothing that decides what the robot does knows what only a simulation knows.

Every module between sensors and joints is read: none imports `robot_policies.sim`, or names a
topic below `sim/`, be it as text or as a constant. That the running nodes do not listen to such a
topic either is tested in `test/ros/test_sim_node.py`.
"""

import ast
from pathlib import Path

import pytest
import robot_policies
from robot_policies.ros import topics

ROOT = Path(robot_policies.__file__).parent
CONTROL_PATH = (
    'core',
    'networks',
    'encoders',
    'policies',
    'locomotion',
    'planning',
    'scheduling',
    'safety',
    'ros',
    'nodes',
)
OUTSIDE = {
    'nodes/sim_node.py',
    'nodes/sim_run.py',
    'nodes/sim_look.py',
    'nodes/sim_out.py',
    'nodes/gazebo_node.py',
    'nodes/recorder_node.py',
    'nodes/examiner_node.py',
    'nodes/operator_node.py',
    'ros/probes/fault_probe.py',
}
"""Simulators, who records or judges what happened, and who sets a robot on its feet."""
DECLARATIONS = 'ros/topics.py'
MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in CONTROL_PATH
    for path in (ROOT / folder).rglob('*.py')
    if path.relative_to(ROOT).as_posix() not in {*OUTSIDE, DECLARATIONS}
)


def private_names(source: str) -> list[str]:
    """Return what in a module refers to simulation: imports, texts, constants."""
    found = []
    tree = ast.parse(source)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and ast.get_docstring(node, clean=False) is not None
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if '.sim' in alias.name]
        elif isinstance(node, ast.ImportFrom):
            names = [f'{node.module}.{alias.name}' for alias in node.names]
            found += [name for name in names if '.sim' in name or 'SIM_' in name]
        elif isinstance(node, ast.Attribute) and node.attr.startswith('SIM_'):
            found.append(node.attr)
        elif isinstance(node, ast.Constant) and 'sim/' in str(node.value) and id(node) not in docs:
            found.append(str(node.value))
    return found


def test_the_whole_control_path_is_looked_at():
    assert len(MODULES) > 40
    assert 'nodes/policy_node.py' in MODULES
    assert 'safety/supervisor.py' in MODULES


@pytest.mark.parametrize('module', MODULES)
def test_a_module_of_the_control_path_knows_nothing_of_the_simulation(module):
    assert private_names((ROOT / module).read_text(encoding='utf-8')) == []


@pytest.mark.parametrize(
    'source',
    [
        'from robot_policies.sim.world import World',
        'from robot_policies import sim',
        'import robot_policies.sim.layout as x',
        'node.listen(topics.SIM_GROUND_TRUTH, f)',
        'from robot_policies.ros.topics import SIM_OBJECTS',
        "node.create_subscription(Odometry, 'sim/ground_truth', f, 1)",
        "node.create_subscription(Odometry, '/go2/sim/ground_truth', f, 1)",
    ],
)
def test_every_way_of_looking_behind_the_scenes_is_noticed(source):
    assert private_names(source)


def test_every_private_topic_is_below_sim():
    declared = {name: value for name, value in vars(topics).items() if name.startswith('SIM_')}
    assert len(declared) >= 5
    assert all(value.name.startswith('sim/') for value in declared.values())


def test_the_simulator_is_private_so_the_check_has_something_to_find():
    for module in sorted(name for name in OUTSIDE if 'sim_' in name):
        assert private_names((ROOT / module).read_text(encoding='utf-8'))
