# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`train go2_velocity`: checkpoint, curve, resume."""

from pathlib import Path

import numpy as np
import pytest
from robot_policies import resources
from robot_policies.core.errors import CheckpointError
from robot_policies.core.params import build
from robot_policies.locomotion.velocity_mlp import VelocityMlp, VelocityMlpConfig
from robot_policies.training.recipe import RecipeOptions
from robot_policies.training.recipes import go2_velocity
from robot_policies.training.velocity_run import VelocityRun
from safetensors.numpy import load_file


def _weights(folder: Path) -> dict[str, np.ndarray]:
    return dict(load_file(folder / 'model.safetensors'))


def test_quick_run_leaves_a_checkpoint_that_loads_and_a_curve(tmp_path: Path) -> None:
    out = tmp_path / 'run'
    go2_velocity.RECIPE.run(RecipeOptions(out_dir=out, quick=True))
    robot = resources.load_robot('go2')
    plugin, values, context = resources.load_checkpoint(out, robot)
    assert plugin == go2_velocity.PLUGIN
    VelocityMlp(build(VelocityMlpConfig, values, where='test'), context)
    assert (out / 'curve.png').stat().st_size > 1000
    assert (
        len((out / 'curve.jsonl').read_text().splitlines()) == go2_velocity.quick_run().iterations
    )


@pytest.mark.parametrize('kept', [2, 3])  # at the end of exploring; while settling
def test_killed_and_resumed_run_ends_as_an_unbroken_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    monkeypatch.setattr(go2_velocity, '_KEEP_EVERY', kept)
    whole, broken = tmp_path / 'whole', tmp_path / 'broken'
    go2_velocity.RECIPE.run(RecipeOptions(out_dir=whole, seed=3, quick=True))

    class KilledError(Exception):
        pass

    iterate = go2_velocity.VelocityTrainer.iterate

    def dying(trainer: go2_velocity.VelocityTrainer) -> dict[str, float]:
        if trainer.iteration == 3:
            raise KilledError
        return iterate(trainer)

    with monkeypatch.context() as patch:
        patch.setattr(go2_velocity.VelocityTrainer, 'iterate', dying)
        with pytest.raises(KilledError):
            go2_velocity.RECIPE.run(RecipeOptions(out_dir=broken, seed=3, quick=True))
    go2_velocity.RECIPE.run(RecipeOptions(out_dir=broken, seed=3, quick=True, resume=True))
    unbroken, resumed = _weights(whole), _weights(broken)
    assert all(np.array_equal(unbroken[name], resumed[name]) for name in unbroken)
    assert len((broken / 'curve.jsonl').read_text().splitlines()) == 4


def test_folder_with_a_run_is_not_overwritten(tmp_path: Path) -> None:
    go2_velocity.RECIPE.run(RecipeOptions(out_dir=tmp_path, quick=True))
    with pytest.raises(CheckpointError, match='resume it or go elsewhere'):
        go2_velocity.RECIPE.run(RecipeOptions(out_dir=tmp_path, quick=True))


def test_resume_of_another_seed_or_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match='no run to resume'):
        go2_velocity.RECIPE.run(RecipeOptions(out_dir=tmp_path / 'none', quick=True, resume=True))
    go2_velocity.RECIPE.run(RecipeOptions(out_dir=tmp_path / 'one', quick=True))
    options = RecipeOptions(out_dir=tmp_path / 'one', seed=1, quick=True, resume=True)
    with pytest.raises(CheckpointError, match='other settings'):
        go2_velocity.RECIPE.run(options)


def test_the_learning_rate_falls_to_zero_once_exploration_has_ended() -> None:
    run = VelocityRun()
    assert run.largest_rate(run.exploring - 1) == np.inf
    assert run.largest_rate(run.exploring) == run.settling_rate
    middle = (run.exploring + run.iterations) // 2
    assert run.largest_rate(middle) == pytest.approx(run.settling_rate / 2, rel=0.01)
    assert run.largest_rate(run.iterations) == pytest.approx(0.0)
