# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`train go2_oscillators`: the search, its checkpoint, its resume."""

from pathlib import Path

import numpy as np
import pytest
from robot_policies import resources
from robot_policies.core.errors import CheckpointError
from robot_policies.core.plugins import create
from robot_policies.locomotion.oscillators import OscillatorsConfig, TUNED
from robot_policies.training.oscillator_search import OscillatorSearch, SearchSettings
from robot_policies.training.recipe import RecipeOptions
from robot_policies.training.recipes import go2_oscillators

_SMALL = SearchSettings(generations=2, population=4, seconds=1.2, threads=1)


def test_search_prefers_a_gait_that_walks_to_one_that_falls() -> None:
    search = OscillatorSearch(resources.load_robot('go2'), _SMALL, seed=0)
    standing = np.array([getattr(OscillatorsConfig(), name) for name in TUNED])
    toppling = standing.copy()
    toppling[TUNED.index('thigh_front')] = 0.8
    toppling[TUNED.index('thigh_rear')] = -0.8
    toppling[TUNED.index('calf_front')] = -0.8
    costs = search.costs(np.array([standing, toppling, standing, toppling]))
    search.close()
    assert costs[0] < costs[1]
    assert costs[0] == pytest.approx(costs[2])


def test_quick_run_leaves_a_checkpoint_that_loads(tmp_path: Path) -> None:
    go2_oscillators.RECIPE.run(RecipeOptions(out_dir=tmp_path, quick=True))
    plugin, values, context = resources.load_checkpoint(tmp_path, resources.load_robot('go2'))
    assert plugin == go2_oscillators.PLUGIN
    create(plugin, verb='step', values=values, context=context)
    assert (tmp_path / 'curve.png').exists()


def test_resumed_search_ends_as_an_unbroken_one(tmp_path: Path) -> None:
    whole, broken = tmp_path / 'whole', tmp_path / 'broken'
    half = SearchSettings(generations=1, population=4, seconds=1.2, threads=1)
    go2_oscillators.train(RecipeOptions(out_dir=whole, seed=2), _SMALL)
    go2_oscillators.train(RecipeOptions(out_dir=broken, seed=2), half)
    go2_oscillators.train(RecipeOptions(out_dir=broken, seed=2, resume=True), _SMALL)
    configs = [(folder / 'config.json').read_text() for folder in (whole, broken)]
    assert configs[0] == configs[1]


def test_folder_with_a_run_is_not_overwritten(tmp_path: Path) -> None:
    go2_oscillators.RECIPE.run(RecipeOptions(out_dir=tmp_path, quick=True))
    with pytest.raises(CheckpointError, match='resume it or go elsewhere'):
        go2_oscillators.RECIPE.run(RecipeOptions(out_dir=tmp_path, quick=True))
