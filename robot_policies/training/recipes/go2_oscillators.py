# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies train go2_oscillators`: tunes the open-loop gait of the Go2."""

import dataclasses
import os
import time

import numpy as np
from robot_policies import resources
from robot_policies.core.errors import CheckpointError
from robot_policies.locomotion.oscillators import TUNED
from robot_policies.training.oscillator_search import OscillatorSearch, SearchSettings
from robot_policies.training.progress import plot_curve, Progress
from robot_policies.training.recipe import Recipe, RecipeOptions
from robot_policies.training.snapshot import read_snapshot, write_snapshot

PLUGIN = 'robot_policies.locomotion.oscillators:Oscillators'
_ROBOT = 'go2'
_SNAPSHOT = 'state.safetensors'
_QUICK = SearchSettings(generations=2, population=4, seconds=1.2, threads=1)


def train(options: RecipeOptions, settings: SearchSettings) -> None:
    """Search into `options.out_dir`, which ends up holding a checkpoint and its curve.

    Raises:
        CheckpointError: The folder holds a run and `resume` was not asked, or the other way round.
    """
    snapshot = options.out_dir / _SNAPSHOT
    if snapshot.exists() and not options.resume:
        raise CheckpointError(f'{options.out_dir} holds a run already: resume it or go elsewhere')
    options.out_dir.mkdir(parents=True, exist_ok=True)
    search = OscillatorSearch(resources.load_robot(_ROBOT), settings, options.seed)
    progress = Progress(options.out_dir, settings.generations)
    gone_s = 0.0
    if options.resume:
        arrays, state = read_snapshot(snapshot)
        search.replay(list(zip(arrays['asked'], arrays['costs'], strict=True)))
        gone_s = float(state['elapsed_s'])
    progress.forget_after(len(search.told))
    start = time.monotonic() - gone_s
    try:
        while len(search.told) < settings.generations:
            cost = search.generation()
            done, elapsed_s = len(search.told), time.monotonic() - start
            values = {'steps': float(done), 'cost': cost, 'mean_cost': _mean(search)}
            progress.report(done, elapsed_s, values)
            _keep(options, search, elapsed_s)
        plot_curve(progress.rows(), [('cost', 'mean_cost')], options.out_dir / 'curve.png')
    finally:
        search.close()


def _mean(search: OscillatorSearch) -> float:
    return float(search.told[-1][1].mean())


def _keep(options: RecipeOptions, search: OscillatorSearch, elapsed_s: float) -> None:
    asked = np.array([pair[0] for pair in search.told])
    costs = np.array([pair[1] for pair in search.told])
    state = {'elapsed_s': elapsed_s}
    write_snapshot(options.out_dir / _SNAPSHOT, {'asked': asked, 'costs': costs}, state)
    parameters, cost = search.best
    resources.save_checkpoint(
        options.out_dir,
        plugin=PLUGIN,
        robot=resources.load_robot(_ROBOT),
        config={name: round(float(x), 5) for name, x in zip(TUNED, parameters, strict=True)},
        tensors={},
        meta={
            'recipe': 'go2_oscillators',
            'seed': options.seed,
            'generations': len(search.told),
            'cost': round(cost, 5),
        },
    )


def _run(options: RecipeOptions) -> None:
    threads = len(os.sched_getaffinity(0))
    full = dataclasses.replace(SearchSettings(), threads=threads)
    train(options, _QUICK if options.quick else full)


RECIPE = Recipe('go2_oscillators', 'open-loop gait for the Unitree Go2 (CMA-ES)', _run)
