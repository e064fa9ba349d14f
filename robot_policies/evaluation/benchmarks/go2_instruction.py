# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies eval go2_instruction`."""

from collections.abc import Callable, Mapping
import functools
import os
from typing import Any

from robot_policies.core.errors import ConfigError
from robot_policies.evaluation.benchmark import Benchmark, BenchmarkOptions, plugin_of
from robot_policies.resources import load_robot

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
    from robot_policies.evaluation.instruction_stack import judge_stack
    from robot_policies.sim.world_spec import load_world
    import torch

    torch.set_num_threads(1)
    values = {**_DEFAULTS, **options.values}
    unknown = sorted(set(values) - set(_DEFAULTS))
    if unknown or values['body'] not in BODIES or values['extras'] not in ('yes', 'no'):
        known = 'body=walking|puppet, controller=…, world=…, extras=yes|no'
        raise ConfigError('go2_instruction', [f'{values}: expected {known}'])
    robot = load_robot('go2')
    spec = load_world(values['world'])
    worlds = options.episodes or (2 if options.quick else EPISODES)
    first_seed = FIRST_SEED + 1000 * options.seed
    extras = values['extras'] == 'yes' and not options.quick
    head = {'benchmark': 'go2_instruction', 'episodes': worlds, 'seed': options.seed}
    head['world'] = values['world']

    def report(line: str) -> None:
        print(line, flush=True)  # noqa: T201

    if options.stack:
        judged = functools.partial(
            judge_stack,
            robot=robot,
            spec=spec,
            worlds=worlds,
            first_seed=first_seed,
            extras=extras,
            report=report,
        )
        return head | _on_stack(options.stack, options, values, judged)
    policy = plugin_of(options.checkpoint or 'go2_instruction', 'infer', robot)
    body: PuppetBody | WalkingBody
    if values['body'] == 'puppet':
        body = PuppetBody(robot, CAMERA)
    else:
        body = WalkingBody(robot, plugin_of(values['controller'], 'step', robot), CAMERA)
    course = Course(robot, body, policy, spec)
    _, numbers = judge(course, worlds=worlds, first_seed=first_seed, report=report, extras=extras)
    return {**head, 'body': values['body'], **numbers}


def _on_stack(
    stack: str, options: BenchmarkOptions, values: Mapping[str, str], judged: Callable[..., Any]
) -> dict[str, Any]:
    """Put the same tasks to a running stack; `judged` knows all but the stack's arguments."""
    from robot_policies.evaluation.go2_instruction import summary

    arguments = [f'world:={values["world"]}', f'controller:={values["controller"]}']
    arguments += [f'policy:={options.checkpoint}'] if options.checkpoint else []
    outcomes = judged(stack, arguments=arguments)
    stops = sum(outcome.episode.stops for outcome in outcomes)
    head = {'stack': stack, 'supervisor_stops': stops}
    return head | summary(outcomes, [])


BENCHMARK = Benchmark(
    name='go2_instruction',
    help='Walks to the object that is named, on unseen worlds; refuses what it must.',
    run=run,
)
