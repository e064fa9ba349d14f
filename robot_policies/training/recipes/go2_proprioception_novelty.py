# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies train go2_proprioception_novelty`: how the Go2 moves when all is well."""

import os
from typing import Any

import numpy as np
from robot_policies import resources
from robot_policies.core.arrays import FloatArray
from robot_policies.core.params import build
from robot_policies.core.plugins import load_class
from robot_policies.training.novelty_fit import NoveltyRun, run
from robot_policies.training.novelty_walks import KEPT_TICKS, NOMINAL, TICK_S, walk
from robot_policies.training.recipe import Recipe, RecipeOptions

PLUGIN = 'robot_policies.safety.proprioception_novelty:ProprioceptionNovelty'
CONTROLLER = 'go2_velocity'
TIME_CONSTANT_S = 0.8
_ROBOTS, _SECONDS = 30, 64.0
"""A chunk is half an hour of walking."""
_CHUNKS = 16


def batch_controller(count: int) -> Any:  # noqa: ANN401
    """Return the shipped gait on a number of robots."""
    robot = resources.load_robot('go2')
    plugin, values, context = resources.load_checkpoint(CONTROLLER, robot)
    plugin_class: Any = load_class(plugin, verb='step')
    return plugin_class.batch(
        build(plugin_class.config_class, values, where=plugin), context, count
    )


def task(options: RecipeOptions, *, chunks: int, robots: int, seconds: float) -> NoveltyRun:
    """Return what is fitted."""
    robot = resources.load_robot('go2')
    threads = len(os.sched_getaffinity(0))

    def make(number: int) -> FloatArray:
        return np.asarray(
            walk(
                robot,
                batch_controller(robots),
                NOMINAL,
                count=robots,
                seconds=seconds,
                seed=1000 * options.seed + number,
                time_constant_s=TIME_CONSTANT_S,
                threads=threads,
            )
        )

    return NoveltyRun(
        name='go2_proprioception_novelty',
        plugin=PLUGIN,
        rate_hz=1.0 / (TICK_S * KEPT_TICKS),
        chunks=chunks,
        make=make,
        config={'time_constant_s': TIME_CONSTANT_S},
        meta={'controller': CONTROLLER},
    )


def _run(options: RecipeOptions) -> None:
    quick = {'chunks': 2, 'robots': 4, 'seconds': 12.0}
    full = {'chunks': _CHUNKS, 'robots': _ROBOTS, 'seconds': _SECONDS}
    sizes: Any = quick if options.quick else full
    run(options, task(options, **sizes))


RECIPE = Recipe(
    'go2_proprioception_novelty', 'what motion is normal, for the check of the same name', _run
)
