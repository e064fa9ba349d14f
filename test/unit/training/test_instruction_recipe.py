# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The recipe runs through every stage, and a killed run goes on as if nothing had happened."""

from dataclasses import replace

import numpy as np
import pytest
from robot_policies.core.contracts import PluginContext
from robot_policies.core.errors import ConfigError
from robot_policies.core.plugins import create
from robot_policies.networks.weights import weights_of
from robot_policies.resources import load_checkpoint, load_robot
from robot_policies.training.instruction_driving import train_driving
from robot_policies.training.instruction_settings import InstructionSettings, quick
from robot_policies.training.recipe import RecipeOptions
from robot_policies.training.recipes.go2_instruction import RECIPE
from robot_policies.training.state_file import (
    learner_tensors,
    load_state,
    restore_learner,
    save_state,
)
import torch

ROBOT = load_robot('go2')


@pytest.fixture(scope='module')
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp('run')
    RECIPE.run(RecipeOptions(out_dir=folder, quick=True))
    return folder


@pytest.mark.parametrize(('part', 'verb'), [('policy', 'infer'), ('encoder', 'encode')])
def test_what_comes_out_loads(run, part, verb):
    plugin, config, context = load_checkpoint(run / part, ROBOT)
    assert isinstance(context, PluginContext)
    assert hasattr(create(plugin, verb=verb, values=config, context=context), verb)


def test_it_leaves_a_learning_curve_and_no_pictures(run):
    assert (run / 'learning_curve.png').stat().st_size > 5000
    assert not (run / 'pictures').exists()


def test_a_second_run_into_the_same_folder_is_refused(run):
    with pytest.raises(ConfigError, match='--resume'):
        RECIPE.run(RecipeOptions(out_dir=run, quick=True))


class KilledError(Exception):
    pass


def test_a_killed_driving_run_goes_on_where_it_was(tmp_path):
    settings = replace(quick(InstructionSettings()), rounds=3)

    def die(*_):
        raise KilledError

    def quiet(*_):
        pass

    with pytest.raises(KilledError):
        train_driving(settings, tmp_path / 'killed', seed=1, report=die)
    resumed = train_driving(settings, tmp_path / 'killed', seed=1, report=quiet)
    whole = train_driving(settings, tmp_path / 'whole', seed=1, report=quiet)
    assert load_state(tmp_path / 'killed')[1] == {'rounds': 3}
    before, after = weights_of(whole), weights_of(resumed)
    for name in before:
        assert before[name].shape == after[name].shape
        assert np.isfinite(after[name]).all()


def test_the_state_of_a_learner_survives_being_written(tmp_path):
    def learner():
        torch.manual_seed(0)
        module = torch.nn.Linear(3, 1)
        return module, torch.optim.Adam(module.parameters(), lr=0.1)

    def step(module, optimizer, x):
        optimizer.zero_grad()
        module(x).square().sum().backward()
        optimizer.step()

    data = torch.randn(6, 4, 3)
    module, optimizer = learner()
    for x in data[:3]:
        step(module, optimizer, x)
    save_state(tmp_path / 'state', learner_tensors(module, optimizer), {'step': 3})
    other, other_optimizer = learner()
    tensors, info = load_state(tmp_path / 'state')
    restore_learner(other, other_optimizer, tensors)
    assert info == {'step': 3}
    for x in data[3:]:
        step(module, optimizer, x)
        step(other, other_optimizer, x)
    torch.testing.assert_close(other.weight, module.weight)


def test_a_write_that_is_cut_short_leaves_the_old_state(tmp_path, monkeypatch):
    path = tmp_path / 'state'
    save_state(path, {'a': torch.ones(2)}, {'n': 1})

    def cut(_, target, **__):
        target.write_bytes(b'half')
        raise KilledError

    monkeypatch.setattr('safetensors.torch.save_file', cut)
    with pytest.raises(KilledError):
        save_state(path, {'a': torch.zeros(2)}, {'n': 2})
    tensors, info = load_state(path)
    assert info == {'n': 1}
    assert tensors['a'].tolist() == [1.0, 1.0]
