# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What every plugin keeps to, whoever wrote it. New ones are found by walking the folders."""

import ast
from dataclasses import fields, is_dataclass
import functools
import importlib
import json
from pathlib import Path
import re

import numpy as np
import pytest
import robot_policies
from robot_policies.core.contracts import (
    ChunkScheduler,
    Encoder,
    LocomotionController,
    Planner,
    PluginContext,
    Policy,
    SafetyCheck,
)
from robot_policies.core.data_types import ActionChunk, Image
from robot_policies.core.errors import CheckpointError
from robot_policies.core.observation_assembler import is_input
from robot_policies.core.params import build, describe
from robot_policies.core.plugins import create
from robot_policies.core.probe import (
    command_problem,
    still_locomotion_observation,
    still_observation,
)
from robot_policies.resources import load_checkpoint, load_robot, share_dir

ROOT = Path(robot_policies.__file__).parent
ROBOT = load_robot('go2')
# folder -> verb and contract
KINDS = {
    'encoders': ('encode', Encoder),
    'policies': ('infer', Policy),
    'locomotion': ('step', LocomotionController),
    'safety': ('check', SafetyCheck),
    'planning': ('plan', Planner),
    'scheduling': ('merge', ChunkScheduler),
}
# A plugin has no clock, no logger, no node, no files, no other process.
FORBIDDEN = {
    'asyncio',
    'datetime',
    'io',
    'logging',
    'multiprocessing',
    'os',
    'pathlib',
    'pickle',
    'rclpy',
    'shutil',
    'socket',
    'subprocess',
    'sys',
    'tempfile',
    'threading',
    'time',
}
UNITS = {
    '_m_s2': 'm/s²',
    '_rad_s2': 'rad/s²',
    '_m_s': 'm/s',
    '_rad_s': 'rad/s',
    '_hz': 'Hz',
    '_rad': 'rad',
    '_m': 'm',
    '_s': 's',
}
FORBIDDEN_CALLS = {'open', 'print', 'input', 'exec', 'eval', '__import__'}


def modules(kind: str) -> list[str]:
    return sorted(
        '.'.join(path.relative_to(ROOT.parent).with_suffix('').parts)
        for path in (ROOT / kind).rglob('*.py')
        if path.name != '__init__.py'
    )


def plugins() -> list:
    found = []
    for kind, (verb, _) in KINDS.items():
        for name in modules(kind):
            module = importlib.import_module(name)
            for value in vars(module).values():
                own = isinstance(value, type) and value.__module__ == name
                if own and hasattr(value, 'config_class') and hasattr(value, verb):
                    found.append(pytest.param(kind, value, id=f'{name}:{value.__name__}'))
    return found


def of_kind(kind: str) -> list:
    return [entry for entry in PLUGINS if entry.values[0] == kind]


PLUGINS = plugins()
FILES = [pytest.param(kind, name, id=name) for kind in KINDS for name in modules(kind)]


@functools.cache
def checkpoints() -> dict[str, list[str]]:
    """Return class -> the shipped checkpoints that name it."""
    found: dict[str, list[str]] = {}
    for path in sorted((share_dir() / 'models').glob('*/config.json')):
        spec = json.loads(path.read_text())['class']
        found.setdefault(spec, []).append(path.parent.name)
    return found


def constructed(plugin: type):
    """Construct a plugin with its defaults, or with a shipped checkpoint if it needs weights."""
    try:
        return plugin(build(plugin.config_class, {}, where=''), PluginContext(robot=ROBOT))
    except CheckpointError:
        spec = f'{plugin.__module__}:{plugin.__name__}'
        shipped = checkpoints().get(spec)
        assert shipped, f'{spec} needs weights, and no checkpoint in models/ has them'
        name, values, context = load_checkpoint(shipped[0], ROBOT)
        verb = next(verb for verb, _ in KINDS.values() if hasattr(plugin, verb))
        return create(name, verb=verb, values=values, context=context)


def test_the_walk_finds_plugins_of_every_kind_that_has_a_folder():
    for kind in ('encoders', 'locomotion', 'safety', 'scheduling'):
        assert of_kind(kind), f'no plugin found in {kind}'


@pytest.mark.parametrize(('kind', 'plugin'), PLUGINS)
def test_its_configuration_is_frozen_keyword_only_and_declared_once(kind, plugin):
    config = plugin.config_class
    assert is_dataclass(config)
    assert config.__dataclass_params__.frozen
    assert all(item.kw_only for item in fields(config))
    assert config.__name__.endswith('Config')
    assert config.__module__ == plugin.__module__
    infos = list(describe(config))  # raises for a field without param()
    # the names that the plugin's place in a node's parameters needs itself
    assert not {info.name for info in infos} & {'checkpoint', 'plugin'}


@pytest.mark.parametrize(('kind', 'plugin'), PLUGINS)
def test_every_parameter_is_documented_with_unit_and_its_default_is_valid(kind, plugin):
    for info in describe(plugin.config_class):
        assert info.meta.doc.endswith('.'), info.name
        assert not info.required, f'{info.name} has no default'
        unit = next((unit for end, unit in UNITS.items() if info.name.endswith(end)), None)
        assert unit in (None, info.meta.unit), f'{info.name} is in {info.meta.unit!r}'
    build(plugin.config_class, {}, where='defaults')


@pytest.mark.parametrize(('kind', 'plugin'), PLUGINS)
def test_it_is_documented(kind, plugin):
    module = importlib.import_module(plugin.__module__)
    for documented in (module, plugin, plugin.config_class, getattr(plugin, KINDS[kind][0])):
        assert (documented.__doc__ or '').strip(), documented


@pytest.mark.parametrize(('kind', 'plugin'), [*of_kind('policies'), *of_kind('locomotion')])
def test_a_learned_or_tuned_method_names_its_source(kind, plugin):
    module = importlib.import_module(plugin.__module__)
    parts = {
        importlib.import_module(value.__module__)
        for value in vars(module).values()
        if getattr(value, '__module__', '').startswith(
            ('robot_policies.networks', module.__package__)
        )
    }
    # the source stands where the method is: in the plugin, or in the part that it is made of
    told = ' '.join(str(documented.__doc__) for documented in (module, plugin, *parts))
    assert re.search(r'\b(19|20)\d\d\b', told), 'no publication with its year is named'


@pytest.mark.parametrize(('kind', 'plugin'), PLUGINS)
def test_it_fulfils_its_contract_and_can_be_constructed(kind, plugin):
    made = constructed(plugin)
    assert isinstance(made, KINDS[kind][1])


@pytest.mark.parametrize(('kind', 'name'), FILES)
def test_no_file_of_a_plugin_folder_touches_clock_files_or_ros(kind, name):
    tree = ast.parse(Path(importlib.util.find_spec(name).origin).read_text())
    forbidden = FORBIDDEN | ({'torch'} if kind in ('safety', 'scheduling') else set())
    for node in ast.walk(tree):
        imported = []
        if isinstance(node, ast.Import):
            imported = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imported = [node.module or '']
        for module in imported:
            root = module.split('.')[0]
            assert root not in forbidden, f'{name} imports {module}'
            assert not root.endswith(('_msgs', '_srvs')), f'{name} imports {module}'
            others = [other for other in KINDS if other != kind]
            assert not module.startswith(tuple(f'robot_policies.{other}' for other in others))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in FORBIDDEN_CALLS, f'{name} calls {node.func.id}()'


@pytest.mark.parametrize(('kind', 'plugin'), of_kind('locomotion'))
def test_a_controller_commands_every_joint_finitely_and_the_same_after_a_reset(kind, plugin):
    controller = constructed(plugin)
    observation = still_locomotion_observation(ROBOT)
    runs = []
    for _ in range(2):
        controller.reset()
        commands = [controller.step(observation, 0.02) for _ in range(25)]
        assert [command_problem(command, len(ROBOT.joints)) for command in commands] == [''] * 25
        assert all(command.stamp_ns == observation.stamp_ns for command in commands)
        runs.append([command.position for command in commands])
    np.testing.assert_allclose(runs[0], runs[1])


@pytest.mark.parametrize(('kind', 'plugin'), of_kind('policies'))
def test_a_policy_answers_a_finite_chunk_of_base_velocities_with_the_stamp_it_was_asked(
    kind, plugin
):
    policy = constructed(plugin)
    assert all(is_input(name) for name in policy.inputs)
    observation = still_observation(ROBOT, tuple(policy.inputs))
    if observation is None:
        pytest.skip("takes features, whose size is not the robot's to say")
    policy.reset()
    chunk = policy.infer(observation)
    assert chunk.stamp_ns == observation.stamp_ns
    assert chunk.actions.shape[1] == 3
    assert np.isfinite(chunk.actions).all()


@pytest.mark.parametrize(('kind', 'plugin'), of_kind('encoders'))
def test_an_encoder_keeps_the_stamp_and_answers_the_same_for_the_same(kind, plugin):
    encoder = constructed(plugin)
    camera = ROBOT.cameras[0]
    pixels = np.random.default_rng(0).integers(0, 255, (camera.height, camera.width, 3))
    frame = Image(7, pixels.astype(np.uint8))
    first, second = encoder.encode(frame), encoder.encode(frame)
    assert first.stamp_ns == 7
    assert np.isfinite(first.tokens).all()
    np.testing.assert_array_equal(first.tokens, second.tokens)


@pytest.mark.parametrize('width', [1, 3, 12])
@pytest.mark.parametrize(('kind', 'plugin'), of_kind('scheduling'))
def test_a_scheduler_follows_a_chunk_of_any_width_and_forgets_it_when_told(kind, plugin, width):
    scheduler = constructed(plugin)
    assert scheduler.is_due(0, waiting=False)
    assert scheduler.sample(0) is None
    assert scheduler.prefix(0) is None
    chunk = ActionChunk(0, 100_000_000, np.full((16, width), 0.5))
    scheduler.observe(chunk, 0)
    scheduler.merge(chunk, 0, np.zeros(width))
    np.testing.assert_allclose(scheduler.sample(0), 0.0, atol=1e-9)  # nothing jumps
    np.testing.assert_allclose(scheduler.sample(600_000_000), 0.5)
    assert scheduler.problem() == ''
    assert scheduler.sample(scheduler.end_ns() + 1) is None
    scheduler.reset()
    assert scheduler.sample(600_000_000) is None
    assert scheduler.end_ns() is None
