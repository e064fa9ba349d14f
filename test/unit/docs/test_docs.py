# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The examples of the documentation work, and its checker finds what is wrong.

`make lint` runs the checker on the documentation itself.
"""

import importlib.util
import json
from pathlib import Path
import sys
from types import ModuleType

import numpy as np
import pytest
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import ActionChunk, VelocityCommand
from robot_policies.core.probe import check_controller, check_encoder
from robot_policies.core.verdict import Severity
from robot_policies.evaluation import results_page
from robot_policies.resources import load_robot

ROOT = Path(__file__).resolve().parents[3]


def _load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


check_docs = _load('check_docs', ROOT / 'tools' / 'check_docs.py')


@pytest.mark.parametrize(
    ('text', 'problem'),
    [
        ('[x](nowhere.md)', 'no such file'),
        ('[x](page.md#elsewhere)', 'no such heading'),
        ('see `config/robots/unicorn.yaml`', 'no such file'),
        ('`robot_policies.core.params:no_such_thing`', 'has no no_such_thing'),
        ('`robot_policies.no_such_module`', 'has no no_such_module'),
        ('```bash\npython -m robot_policies.nodes.gone\n```', 'has no gone'),
        ('```python\ndef broken(:\n```', 'does not parse'),
        ('```yaml\narena: {lenght_m: 3.0}\n```', 'did you mean length_m'),
        ('```yaml\nnodes: [{name: a}]\ndescription: x\n```', 'does not build'),
        ('```yaml\njoints: []\n```', 'does not build'),
    ],
)
def test_what_is_wrong_is_found(tmp_path, monkeypatch, text, problem):
    (tmp_path / 'page.md').write_text(f'# Title\n\n{text}\n')
    for folder in ('robot_policies', 'config'):
        (tmp_path / folder).symlink_to(ROOT / folder)
    monkeypatch.setattr(check_docs, 'ROOT', tmp_path)
    monkeypatch.setattr(check_docs, '_generated', lambda: iter(()))
    found = list(check_docs.problems())
    assert len(found) == 1
    assert problem in found[0]


def test_what_is_right_is_not_reported(tmp_path, monkeypatch):
    (tmp_path / 'page.md').write_text(
        '# A title: with signs\n\n[x](#a-title-with-signs) `config/robots/`\n'
        '`robot_policies.core` '
        '`robot_policies.core.params:param` [web](https://example.org/gone)\n'
    )
    (tmp_path / 'config').symlink_to(ROOT / 'config')
    monkeypatch.setattr(check_docs, 'ROOT', tmp_path)
    monkeypatch.setattr(check_docs, '_generated', lambda: iter(()))
    assert list(check_docs.problems()) == []


@pytest.fixture
def example(monkeypatch):
    """Return `example(page)`, the first Python snippet of a how-to as a module."""

    def load(page: str) -> ModuleType:
        text = (ROOT / 'doc' / 'how-to' / page).read_text()
        body = check_docs.snippets(text, 'python')[0]
        path = body.splitlines()[0].removeprefix('# ')
        name = path.removesuffix('.py').replace('/', '.')
        package = ModuleType('my_robot_pkg')
        package.__path__ = []
        module = ModuleType(name)
        monkeypatch.setitem(sys.modules, 'my_robot_pkg', package)
        monkeypatch.setitem(sys.modules, name, module)
        exec(compile(body, path, 'exec'), module.__dict__)
        return module

    return load


@pytest.fixture(scope='module')
def context() -> PluginContext:
    return PluginContext(robot=load_robot('go2'))


def test_the_policy_of_the_how_to_works_and_so_does_its_test(example):
    module = example('add-a-policy.md')
    assert module.WallShy.inputs == ('scan',)
    text = (ROOT / 'doc' / 'how-to' / 'add-a-policy.md').read_text()
    exec(compile(check_docs.snippets(text, 'python')[1], 'test', 'exec'), {})


def test_the_encoder_of_the_how_to_works(example, context):
    module = example('add-an-encoder.md')
    encoder = module.MeanColour(module.MeanColourConfig(rows=3, columns=4), context)
    check_encoder(encoder, context.robot.cameras[0], 'MeanColour')


def test_the_controller_of_the_how_to_works(example, context):
    module = example('add-a-controller.md')
    check_controller(module.Stand(module.StandConfig(), context), context.robot, 'Stand')


def test_the_scheduler_of_the_how_to_works(example, context):
    module = example('schedule-chunks.md')
    scheduler = module.NewestOnly(module.NewestOnlyConfig(), context)
    scheduler.merge(ActionChunk(0, 100_000_000, np.full((4, 3), 0.5)), 0, np.zeros(3))
    assert scheduler.sample(0).tolist() == [0.5, 0.5, 0.5]


def test_the_check_of_the_how_to_works(example, context):
    module = example('add-a-safety-check.md')
    check = module.NoReverse(module.NoReverseConfig(), context)
    verdict = check.check(VelocityCommand(0, -0.3), None, 0)
    assert (verdict.severity, verdict.command.vx) == (Severity.LIMIT, 0.0)
    assert check.check(VelocityCommand(0, 0.3), None, 0).severity == Severity.PASS


def test_results_are_put_into_tables_with_their_aims(tmp_path):
    bench = {
        'quick': False,
        'machine': {
            'processor': 'P',
            'cores': 2,
            'memory_gb': 8,
            'system': 'S',
            'python': '3',
            'versions': {'numpy': '2'},
            'when': 'now',
        },
        'measurements': {
            'a': {
                'n': 3,
                'p99_ms': 1.23456,
                'aim_p99_ms': {'value': 2.0, 'aim': 'at most 1', 'met': False},
            },
            'b': {'not_measured': 'no robot'},
        },
    }
    (tmp_path / 'bench.json').write_text(json.dumps(bench))
    velocity = {'benchmark': 'v', 'episodes': 300, 'seed': 0, 'ci95': [0.9, 1.0], 'bars': {'x': 1}}
    (tmp_path / 'velocity.json').write_text(json.dumps(velocity))
    text = results_page.page(tmp_path)
    assert '| aim_p99_ms | 2 (at most 1: **not met**) |' in text
    assert '| p99_ms | 1.235 |' in text
    assert '| not_measured | no robot |' in text
    assert '`robot-policies eval v --episodes 300 --seed 0 --json FILE`' in text
    assert '| ci95 | [0.9, 1] |' in text


def test_without_measurements_the_results_say_so(tmp_path):
    assert 'Nothing has been measured' in results_page.page(tmp_path)


def test_the_reading_example_reads(tmp_path):
    from robot_policies.data.mcap_file import McapFile
    from robot_policies.data.message_definitions import typestore

    text = (ROOT / 'doc' / 'how-to' / 'record.md').read_text()
    names: dict = {}
    exec(compile(check_docs.snippets(text, 'python')[0], 'record', 'exec'), names)
    types, kind = typestore().types, 'geometry_msgs/msg/TwistStamped'
    vector = types['geometry_msgs/msg/Vector3']
    twist = types['geometry_msgs/msg/Twist'](vector(0.25, 0.0, 0.0), vector(0.0, 0.0, 0.0))
    header = types['std_msgs/msg/Header'](types['builtin_interfaces/msg/Time'](0, 0), '')
    file = McapFile(tmp_path / 'recording.mcap')
    file.add_topic('/cmd_vel', kind, reliable=True, latched=False)
    file.add('/cmd_vel', 1, 1, bytes(typestore().serialize_cdr(types[kind](header, twist), kind)))
    file.close()
    assert np.isclose(names['speeds'](tmp_path / 'recording.mcap'), [0.25]).all()
