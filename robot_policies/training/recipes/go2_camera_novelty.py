# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies train go2_camera_novelty`: what the Go2's camera sees when all is well."""

from collections.abc import Callable
import functools
import os
from typing import Any

import numpy as np
from robot_policies import resources
from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import Encoder
from robot_policies.core.data_types import Image
from robot_policies.core.patch_memory import PatchMemory, remember, usual_and_rare
from robot_policies.core.picture_summary import (
    LIGHT,
    PATCHES,
    picture_parts,
    picture_summary,
    TOKENS,
)
from robot_policies.core.plugins import create
from robot_policies.training.novelty_fit import NoveltyRun, run, stored
from robot_policies.training.recipe import Recipe, RecipeOptions

PLUGIN = 'robot_policies.safety.feature_novelty:FeatureNovelty'
ENCODER = 'go2_camera_tokens'
CAMERA = 'front'
WORLD = 'instruction_eval'
SCORES = (
    *(f'{TOKENS} mahalanobis', f'{TOKENS} nearest'),
    *(f'{LIGHT} nearest', f'{PATCHES} mahalanobis'),
)
"""A picture that one thing fills is usual, and far out in the distribution of the light: of the
light only the distance to what was seen counts. How strange the strangest part is is one number:
what counts is how far above the usual it lies."""
_OFFERED, _USUAL, _RARE = 60, 200, 300
"""Of a picture so many tokens are looked at; of a drive's so many usual and rare ones are offered
to the memory."""
_MEMORY_SEEDS = 50_000
"""Worlds of the memory are none of those that it is judged in."""


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


def task(
    options: RecipeOptions, *, chunks: int, worlds: int, seconds: float, patches: int
) -> NoveltyRun:
    """Return what is fitted.

    Args:
        options: Of the run.
        chunks: Of streams; and half as many of tokens for the memory, from other worlds.
        worlds: Drives of a chunk.
        seconds: Of a drive.
        patches: Tokens that are kept.
    """
    from robot_policies.sim.world_spec import load_world
    from robot_policies.training.novelty_views import NOMINAL, RATE_HZ, view

    spec, (puppet, encoder) = load_world(WORLD), eyes()
    first = 700_000 + 100_000 * options.seed
    drive = functools.partial(
        view, puppet, spec=spec, case=NOMINAL, camera=CAMERA, seconds=seconds
    )

    def make(number: int) -> FloatArray:
        seeds = range(first + worlds * number, first + worlds * (number + 1))
        return np.stack([drive(describe, seed=seed) for seed in seeds], axis=1)

    def offer(number: int) -> FloatArray:
        begin = first + _MEMORY_SEEDS + worlds * number
        return np.stack([_offered(drive, encoder, seed) for seed in range(begin, begin + worlds)])

    tokens = np.concatenate(stored(options, 'tokens', max(1, chunks // 2), offer))
    size = tokens.shape[-1]
    usual, rare = (part.reshape(-1, size) for part in np.split(tokens, [_USUAL], axis=1))
    kept = remember(usual, rare, size=patches, seed=options.seed)
    memory = PatchMemory(kept)

    def describe(image: Image) -> FloatArray:
        return picture_summary(image.pixels, encoder.encode(image).tokens, memory)

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
        parts=picture_parts(size),
        scores=SCORES,
        tensors=kept,
    )


def _offered(drive: Callable[..., FloatArray], encoder: Encoder, seed: int) -> FloatArray:
    """Return (_USUAL + _RARE, d) tokens of a drive."""
    rng = np.random.default_rng(seed)

    def some(image: Image) -> FloatArray:
        tokens = encoder.encode(image).tokens
        return np.asarray(tokens[rng.choice(len(tokens), _OFFERED, replace=False)])

    told = drive(some, seed=seed)
    tokens = told.reshape(-1, told.shape[-1])
    return np.concatenate(usual_and_rare(tokens, usual=_USUAL, rare=_RARE, rng=rng))


def _run(options: RecipeOptions) -> None:
    quick = {'chunks': 2, 'worlds': 8, 'seconds': 8.0, 'patches': 256}
    full = {'chunks': 30, 'worlds': 20, 'seconds': 24.0, 'patches': 2048}
    sizes: Any = quick if options.quick else full
    run(options, task(options, **sizes))


RECIPE = Recipe('go2_camera_novelty', 'what pictures are normal, for the check of features', _run)
