# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`train go2_velocity`: checkpoint, curve, resume."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from robot_policies import resources
from robot_policies.core.errors import CheckpointError
from robot_policies.core.params import build
from robot_policies.locomotion.velocity_mlp import VelocityMlp, VelocityMlpConfig
from robot_policies.training.recipe import RecipeOptions
from robot_policies.training.recipes import go2_velocity
from robot_policies.training.velocity_rewards import RewardWeights
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


def _untidy(monkeypatch: pytest.MonkeyPatch, iterations: int) -> None:
    """Find something missing in every gait that has not been trained for so long."""

    def missed_bars(checkpoint: Path) -> list[str]:
        gone = len((checkpoint / 'curve.jsonl').read_text().splitlines())
        return [] if gone >= iterations else ['backward.diagonal_sync 0.850, limit 0.9']

    monkeypatch.setattr(go2_velocity, 'missed_bars', missed_bars)


def _refining_run() -> VelocityRun:
    """Return a quick run of 4 iterations that may go on three times, 2 iterations each."""
    run = go2_velocity.quick_run()
    return dataclasses.replace(run, refining_rounds=3, refining_steps=2 * run.steps_per_iteration)


# kept: at the end of exploring; while settling; in a round of refining; between two
@pytest.mark.parametrize(('kept', 'killed'), [(2, 3), (3, 3), (5, 5), (6, 6)])
def test_killed_and_resumed_run_ends_as_an_unbroken_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int, killed: int
) -> None:
    monkeypatch.setattr(go2_velocity, '_KEEP_EVERY', kept)
    _untidy(monkeypatch, 8)
    run = _refining_run()
    whole, broken = tmp_path / 'whole', tmp_path / 'broken'
    go2_velocity.train(RecipeOptions(out_dir=whole, seed=3), run)

    class KilledError(Exception):
        pass

    iterate = go2_velocity.VelocityTrainer.iterate

    def dying(trainer: go2_velocity.VelocityTrainer) -> dict[str, float]:
        if trainer.iteration == killed:
            raise KilledError
        return iterate(trainer)

    with monkeypatch.context() as patch:
        patch.setattr(go2_velocity.VelocityTrainer, 'iterate', dying)
        with pytest.raises(KilledError):
            go2_velocity.train(RecipeOptions(out_dir=broken, seed=3), run)
    go2_velocity.train(RecipeOptions(out_dir=broken, seed=3, resume=True), run)
    unbroken, resumed = _weights(whole), _weights(broken)
    assert all(np.array_equal(unbroken[name], resumed[name]) for name in unbroken)
    assert len((broken / 'curve.jsonl').read_text().splitlines()) == 8


@pytest.mark.parametrize(('tidy_after', 'ends'), [(0, 4), (6, 6), (100, 10)])
def test_a_gait_that_misses_a_bar_is_refined_until_it_is_tidy_but_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tidy_after: int, ends: int
) -> None:
    _untidy(monkeypatch, tidy_after)
    go2_velocity.train(RecipeOptions(out_dir=tmp_path), _refining_run())
    assert len((tmp_path / 'curve.jsonl').read_text().splitlines()) == ends
    assert json.loads((tmp_path / 'config.json').read_text())['meta']['finished']


def test_refining_pays_by_its_own_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _untidy(monkeypatch, 100)
    same = dataclasses.replace(_refining_run(), refining_rounds=1)
    same = dataclasses.replace(same, refining_weights=same.task.weights)
    level = dataclasses.replace(same, refining_weights=RewardWeights(tilt=-1000.0))
    rewards = []
    for name, run in (('level', level), ('same', same)):
        go2_velocity.train(RecipeOptions(out_dir=tmp_path / name), run)
        lines = (tmp_path / name / 'curve.jsonl').read_text().splitlines()
        rewards.append([json.loads(line)['reward'] for line in lines])
    assert rewards[0][:4] == rewards[1][:4]
    assert rewards[0][4] < rewards[1][4]  # the same steps, and leaning costs more


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
    assert run.largest_rate(run.iterations - 1) < 0.01 * run.settling_rate


def test_the_learning_rate_falls_to_zero_in_every_round_of_refining() -> None:
    run = VelocityRun()
    assert run.rounds[0][0] == run.iterations
    assert len(run.rounds) == run.refining_rounds
    for begin, end in run.rounds:
        assert run.largest_rate(begin) == run.settling_rate
        assert 0.0 < run.largest_rate(end - 1) < 0.02 * run.settling_rate
