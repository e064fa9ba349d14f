# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies train go2_camera_novelty`: what the Go2's camera sees when all is well."""

import os
from typing import Any

import numpy as np
from robot_policies import resources
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import Image
from robot_policies.core.picture_summary import LIGHT, picture_parts, TOKENS
from robot_policies.core.plugins import create
from robot_policies.training.novelty_fit import NoveltyRun, run
from robot_policies.training.recipe import Recipe, RecipeOptions

PLUGIN = 'robot_policies.safety.feature_novelty:FeatureNovelty'
ENCODER = 'go2_camera_tokens'
CAMERA = 'front'
WORLD = 'instruction_eval'
SCORES = (f'{TOKENS} mahalanobis', f'{TOKENS} nearest', f'{LIGHT} nearest')
"""A picture that one thing fills is usual, and far out in the distribution of the light: of the
light only the distance to what was seen counts."""
_WORLDS, _SECONDS, _CHUNKS = 20, 24.0, 30


def eyes() -> tuple[Any, Any]:
    """Return a puppet that can see, and the shipped encoder."""
    os.environ.setdefault('MUJOCO_GL', 'egl')
    from robot_policies.sim.camera import CameraRenderer
    from robot_policies.sim.puppet import Puppet

    robot = resources.load_robot('go2')
    camera = robot.camera(CAMERA)
    plugin, values, context = resources.load_checkpoint(ENCODER, robot)
    encoder = create(plugin, verb='encode', values=values, context=context)
    return Puppet(robot, CameraRenderer(camera.width, camera.height)), encoder


def task(options: RecipeOptions, *, chunks: int, worlds: int, seconds: float) -> NoveltyRun:
    """Return what is fitted."""
    from robot_policies.sim.world_spec import load_world
    from robot_policies.training.novelty_views import NOMINAL, RATE_HZ, view

    spec, (puppet, encoder) = load_world(WORLD), eyes()
    camera = puppet.robot.camera(CAMERA)
    blank = encoder.encode(Image(0, np.zeros((camera.height, camera.width, 3), np.uint8)))

    def make(number: int) -> FloatArray:
        first = 700_000 + 100_000 * options.seed + worlds * number
        drives = [
            view(puppet, encoder, spec, NOMINAL, camera=CAMERA, seconds=seconds, seed=seed)
            for seed in range(first, first + worlds)
        ]
        return np.concatenate(drives, axis=1)

    return NoveltyRun(
        name='go2_camera_novelty',
        plugin=PLUGIN,
        rate_hz=RATE_HZ,
        chunks=chunks,
        make=make,
        config={},
        meta={
            'encoder': ENCODER,
            'encoder_weights': resources.weights_digest(ENCODER),
            'world': WORLD,
        },
        parts=picture_parts(blank.tokens.shape[1]),
        scores=SCORES,
    )


def _run(options: RecipeOptions) -> None:
    quick = {'chunks': 2, 'worlds': 8, 'seconds': 8.0}
    full = {'chunks': _CHUNKS, 'worlds': _WORLDS, 'seconds': _SECONDS}
    sizes: Any = quick if options.quick else full
    run(options, task(options, **sizes))


RECIPE = Recipe('go2_camera_novelty', 'what pictures are normal, for the check of features', _run)
