# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What is found and read from disk, and what is refused."""

import json
import pickle

import numpy as np
import pytest
from robot_policies import resources
from robot_policies.core.errors import CheckpointError, ConfigError
from robot_policies.resources import (
    find,
    load_checkpoint,
    load_robot,
    names,
    read_yaml,
    save_checkpoint,
)
import safetensors.numpy

ROBOT = load_robot('go2')
TENSORS = {
    'weight0': np.arange(6, dtype=np.float32).reshape(2, 3),
    'bias0': np.zeros(2, dtype=np.float32),
}


@pytest.fixture
def folder(tmp_path):
    save_checkpoint(
        tmp_path / 'mine',
        plugin='package.module:Class',
        robot=ROBOT,
        config={'gain': 2.0},
        tensors=TENSORS,
        meta={'trained': 'yesterday'},
    )
    return tmp_path / 'mine'


def refusal(folder) -> str:
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(folder, ROBOT)
    assert str(folder) in str(caught.value)
    return str(caught.value)


def edit(folder, **changes):
    path = folder / 'config.json'
    config = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({key: v for key, v in config.items() if v is not None}))


def test_a_checkpoint_is_read_as_it_was_written(folder):
    plugin, config, context = load_checkpoint(folder, ROBOT)
    assert (plugin, config) == ('package.module:Class', {'gain': 2.0})
    assert context.meta == {'trained': 'yesterday'}
    assert set(context.tensors) == set(TENSORS)
    np.testing.assert_array_equal(context.tensors['weight0'], TENSORS['weight0'])


def test_a_checkpoint_without_weights_needs_no_weights_file(folder):
    (folder / resources.CHECKPOINT_WEIGHTS).unlink()
    edit(folder, tensors={})
    assert load_checkpoint(folder, ROBOT)[2].tensors == {}


def test_another_robots_checkpoint_is_refused(folder):
    edit(folder, robot='g1')
    assert 'made for robot g1, not for go2' in refusal(folder)


@pytest.mark.parametrize(
    ('tensors', 'words'),
    [
        ({'weight0': TENSORS['weight0']}, 'weight bias0 is missing'),
        (TENSORS | {'bias1': np.zeros(2)}, 'weight bias1 is not expected'),
        (TENSORS | {'bias0': np.zeros(3)}, 'bias0 has shape (3,), expected (2,)'),
        (TENSORS | {'bias0': np.full(2, np.nan)}, 'weight bias0 is not finite'),
        ({}, 'weight bias0 is missing; weight weight0 is missing'),
    ],
)
def test_weights_that_are_not_those_of_the_configuration_are_refused(folder, tensors, words):
    safetensors.numpy.save_file(tensors, folder / resources.CHECKPOINT_WEIGHTS)
    assert words in refusal(folder)


def test_a_truncated_weights_file_is_refused(folder):
    path = folder / resources.CHECKPOINT_WEIGHTS
    path.write_bytes(path.read_bytes()[:-8])
    assert 'not a readable safetensors file' in refusal(folder)


def test_a_pickle_is_not_opened(folder, tmp_path):
    class Bomb:
        def __reduce__(self):
            return (open, (str(tmp_path / 'exploded'), 'w'))

    (folder / resources.CHECKPOINT_WEIGHTS).write_bytes(pickle.dumps(Bomb()))
    assert 'pickled weights are never loaded' in refusal(folder)
    assert not (tmp_path / 'exploded').exists()


def test_a_missing_weights_file_is_refused(folder):
    (folder / resources.CHECKPOINT_WEIGHTS).unlink()
    assert resources.CHECKPOINT_WEIGHTS in refusal(folder)


@pytest.mark.parametrize(
    ('text', 'words'),
    [('{"class": ', 'not readable'), ('[]', 'is missing'), ('{}', 'class, robot')],
)
def test_a_broken_configuration_is_refused(folder, text, words):
    (folder / 'config.json').write_text(text)
    assert words in refusal(folder)


def test_a_name_that_is_not_shipped_lists_those_that_are(monkeypatch, tmp_path, folder):
    (tmp_path / 'config' / 'robots').mkdir(parents=True)
    (tmp_path / 'models').mkdir()
    folder.rename(tmp_path / 'models' / 'mine')
    monkeypatch.setattr(resources, 'share_dir', lambda: tmp_path)
    assert load_checkpoint('mine', ROBOT)[0] == 'package.module:Class'
    with pytest.raises(CheckpointError, match='shipped checkpoints: mine'):
        load_checkpoint('yours', ROBOT)


def test_a_robot_is_found_by_name_or_by_path():
    assert 'go2' in names('robots')
    assert load_robot(str(find('robots', 'go2'))).name == 'go2'
    with pytest.raises(ConfigError, match=r"robot 'g02': unknown, did you mean go2\?"):
        find('robots', 'g02')
    with pytest.raises(ConfigError, match='available: '):
        find('robots', 'anymal')


def test_a_description_that_is_not_installed_says_what_to_type(monkeypatch):
    from copy import deepcopy

    values = deepcopy(read_yaml(find('robots', 'go2')))
    values['description']['package'] = 'no-such-package'
    robot = resources.RobotSpec.from_mapping(values, where='')
    monkeypatch.delenv('AMENT_PREFIX_PATH', raising=False)
    with pytest.raises(ConfigError, match='pip install no-such-package'):
        resources.description_path(robot)


@pytest.mark.parametrize(
    ('content', 'words'),
    [
        (b'a: [', 'is not YAML'),
        (b'- a', 'expected a mapping, got list'),
        (b'\xff', 'cannot be read'),
    ],
)
def test_a_file_that_is_no_yaml_mapping_is_refused(tmp_path, content, words):
    path = tmp_path / 'x.yaml'
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=words):
        read_yaml(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ConfigError, match='cannot be read'):
        read_yaml(tmp_path / 'nowhere.yaml')
