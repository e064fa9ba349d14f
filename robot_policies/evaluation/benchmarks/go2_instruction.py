# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies eval go2_instruction`."""

from collections.abc import Mapping
import os
from typing import Any

from robot_policies.core.errors import ConfigError
from robot_policies.core.plugins import create
from robot_policies.evaluation.benchmark import Benchmark, BenchmarkOptions
from robot_policies.resources import load_checkpoint, load_robot

_DEFAULTS: Mapping[str, str] = {
    'body': 'walking',
    'controller': 'go2_velocity',
    'world': 'instruction_eval',
    'extras': 'yes',
}
EPISODES = 100
FIRST_SEED = 50_000
"""Far from the seeds that the training draws its worlds from."""


def run(options: BenchmarkOptions) -> dict[str, Any]:
    """Judge a policy; see `evaluation/go2_instruction.py` for what counts.

    Args:
        options: `values` may hold `body` (walking or puppet), `controller` (a locomotion
            checkpoint), `world` and `extras` (yes or no).

    Raises:
        ConfigError: An unknown value.
    """
    os.environ.setdefault('MUJOCO_GL', 'egl')
    from robot_policies.evaluation.go2_instruction import CAMERA, Course, judge
    from robot_policies.evaluation.instruction_bodies import BODIES, PuppetBody, WalkingBody
    from robot_policies.sim.world_spec import load_world
    import torch

    torch.set_num_threads(1)
    values = {**_DEFAULTS, **options.values}
    unknown = sorted(set(values) - set(_DEFAULTS))
    if unknown or values['body'] not in BODIES or values['extras'] not in ('yes', 'no'):
        known = 'body=walking|puppet, controller=…, world=…, extras=yes|no'
        raise ConfigError('go2_instruction', [f'{values}: expected {known}'])
    robot = load_robot('go2')
    plugin, config, context = load_checkpoint(options.checkpoint or 'go2_instruction', robot)
    policy = create(plugin, verb='infer', values=config, context=context)
    body: PuppetBody | WalkingBody
    if values['body'] == 'puppet':
        body = PuppetBody(robot, CAMERA)
    else:
        plugin, config, context = load_checkpoint(values['controller'], robot)
        controller = create(plugin, verb='step', values=config, context=context)
        body = WalkingBody(robot, controller, CAMERA)
    worlds = options.episodes or (2 if options.quick else EPISODES)
    _, numbers = judge(
        Course(robot, body, policy, load_world(values['world'])),
        worlds=worlds,
        first_seed=FIRST_SEED + 1000 * options.seed,
        report=lambda line: print(line, flush=True),  # noqa: T201
        extras=values['extras'] == 'yes',
    )
    head = {'benchmark': 'go2_instruction', 'episodes': worlds, 'seed': options.seed}
    return {**head, 'body': values['body'], 'world': values['world'], **numbers}


BENCHMARK = Benchmark(
    name='go2_instruction',
    help='Walks to the object that is named, on unseen worlds; refuses what it must.',
    run=run,
)
