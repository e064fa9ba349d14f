# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Measures how well the policy follows instructions, in process, on the classes that run.

Reached means: within the time, the robot stands, the policy says so, its nose (the middle of the
footprint's front) is within 0.6 m of the surface of the object that was named, that object is the
nearest of all, and nothing was touched and nobody fell.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from robot_policies.core.contracts import Policy
from robot_policies.core.data_types import PolicyStatus
from robot_policies.core.robot import RobotSpec
from robot_policies.evaluation.instruction_bodies import Body
from robot_policies.evaluation.instruction_episode import Episode, run_episode
from robot_policies.evaluation.instruction_sets import (
    Expected,
    NONSENSE,
    paraphrase,
    tell,
    tell_absent,
)
from robot_policies.evaluation.statistics import wilson_interval
from robot_policies.sim.layout import build_world
from robot_policies.sim.world import World
from robot_policies.sim.world_spec import WorldSpec

REACH_M = 0.6
LIMIT_S = 30.0
ABSENT_LIMIT_S = 60.0
CAMERA = 'front'


@dataclass(frozen=True, eq=False)
class Outcome:
    """One judged episode.

    Attributes:
        kind: `first`, `other`, `paraphrase` or `absent`.
        seed: Of the world.
        told: What the robot was told.
        success: Whether it did what it should.
        gap_m: From its nose to the surface of the target; NaN for an absent one.
        episode: What happened.
    """

    kind: str
    seed: int
    told: str
    success: bool
    gap_m: float
    episode: Episode


@dataclass(frozen=True, eq=False)
class Task:
    """Something to tell the robot in a world.

    Attributes:
        kind: `first`, `other`, `paraphrase` or `absent`.
        world: Where.
        text: What it is told.
        target: Index of the object that is meant; None for an absent one.
    """

    kind: str
    world: World
    text: str
    target: int | None

    @property
    def limit_s(self) -> float:
        """Time there is."""
        return ABSENT_LIMIT_S if self.target is None else LIMIT_S


def plan(spec: WorldSpec, *, worlds: int, first_seed: int, extras: bool) -> list[Task]:
    """Return the tasks of the benchmark.

    Args:
        spec: What the worlds are drawn from.
        worlds: Number of worlds; two instructions are given in each.
        first_seed: Seed of the first world; the next ones follow.
        extras: Also paraphrases and absent objects, in every fourth world.
    """
    tasks: list[Task] = []
    for seed in range(first_seed, first_seed + worlds):
        world = build_world(spec, seed)
        rng = np.random.default_rng((seed, 3))
        first, other = rng.permutation(len(world.objects))[:2].tolist()
        told = [('first', tell(world, first, rng)), ('other', tell(world, other, rng))]
        if extras and (seed - first_seed) % 4 == 0:
            told.append(('paraphrase', paraphrase(world, other, rng)))
        tasks += [Task(kind, world, one.text, one.target) for kind, one in told]
        if extras and (seed - first_seed) % 4 == 0:
            tasks.append(Task('absent', world, tell_absent(world, rng), None))
    return tasks


def judged(task: Task, episode: Episode, robot: RobotSpec) -> Outcome:
    """Say whether what happened is what should have happened."""
    unharmed = not episode.mishaps.falls and not episode.mishaps.collisions
    if task.target is None:
        success = unharmed and episode.stands and episode.status is PolicyStatus.NOT_SEEN
        return Outcome(task.kind, task.world.seed, task.text, success, float('nan'), episode)
    gap, nearest = nose_gap(task.world, episode.path[-1], task.target, robot)
    success = (
        unharmed
        and episode.stands
        and episode.status is PolicyStatus.REACHED
        and gap <= REACH_M
        and nearest == task.target
    )
    return Outcome(task.kind, task.world.seed, task.text, success, gap, episode)


@dataclass(frozen=True, eq=False)
class Course:
    """Where and on what the policy is judged in process.

    Attributes:
        robot: The robot.
        body: It, walking or as a puppet.
        policy: The policy.
        spec: What the worlds are drawn from.
    """

    robot: RobotSpec
    body: Body
    policy: Policy
    spec: WorldSpec

    def do(self, task: Task) -> Outcome:
        """Give a task, and judge."""
        return judged(task, self._run(task.world, task.text, task.limit_s), self.robot)

    def refuse(self, world: World, text: str, expected: Expected) -> bool:
        """Say something that must not move the robot; return whether it stood and said so."""
        episode = self._run(world, text, 2.0)
        moved = float(np.hypot(*(episode.path[-1][:2] - episode.path[0][:2])))
        if expected is Expected.STAND:
            said = episode.status is PolicyStatus.IDLE
        else:
            said = (
                episode.status is PolicyStatus.NOT_UNDERSTOOD and 'understand' in episode.message
            )
        return said and moved < 0.05

    def _run(self, world: World, text: str, limit_s: float) -> Episode:
        return run_episode(
            self.robot,
            self.body,
            self.policy,
            world,
            text,
            camera=CAMERA,
            limit_s=limit_s,
            seed=world.seed,
        )


def nose_gap(world: World, pose: np.ndarray, target: int, robot: RobotSpec) -> tuple[float, int]:
    """Return the distance from the nose to the target's surface, and which object is nearest."""
    front = robot.body.footprint_front_m
    nose = pose[:2] + front * np.array([np.cos(pose[2]), np.sin(pose[2])])
    gaps = world.outlines.point_distances(nose[None])[0][: len(world.objects)]
    return float(gaps[target]), int(gaps.argmin())


def judge(
    course: Course,
    *,
    worlds: int,
    first_seed: int,
    report: Callable[[str], None],
    extras: bool = True,
) -> tuple[list[Outcome], dict[str, Any]]:
    """Run the whole benchmark in process.

    Args:
        course: Where and on what.
        worlds: Number of worlds.
        first_seed: Seed of the first world.
        report: Called with a line after every episode.
        extras: See `plan`; also nonsense, in the first world.

    Returns:
        All outcomes, and what goes into the JSON.
    """
    outcomes: list[Outcome] = []
    for task in plan(course.spec, worlds=worlds, first_seed=first_seed, extras=extras):
        outcomes.append(course.do(task))
        report(line(outcomes[-1]))
    refused: list[bool] = []
    if extras:
        world = build_world(course.spec, first_seed)
        refused = [course.refuse(world, text, expected) for text, expected in NONSENSE]
        for (text, _), right in zip(NONSENSE, refused, strict=True):
            report(f'nonsense   {"ok  " if right else "FAIL"} {text!r}')
    return outcomes, summary(outcomes, refused)


def summary(outcomes: Sequence[Outcome], refused: Sequence[bool]) -> dict[str, Any]:
    """Return the numbers of the benchmark."""
    of = {kind: [o for o in outcomes if o.kind == kind] for kind in _KINDS}
    first = [o.success for o in of['first']]
    times = [o.episode.time_s - 1.0 for o in outcomes if o.success and o.kind != 'absent']
    gaps = [o.gap_m for o in outcomes if o.success and o.kind != 'absent']
    numbers: dict[str, Any] = {
        'success_rate': float(np.mean(first)),
        'ci95': list(wilson_interval(sum(first), len(first))),
        'falls': sum(o.episode.mishaps.falls for o in outcomes),
        'collisions': sum(o.episode.mishaps.collisions for o in outcomes),
        'time_s_median': float(np.median(times)) if times else None,
        'time_s_p90': float(np.percentile(times, 90)) if times else None,
        'gap_m_mean': float(np.mean(gaps)) if gaps else None,
    }
    for kind in _KINDS[1:]:
        right = [o.success for o in of[kind]]
        if right:
            numbers[f'{kind}_success_rate'] = float(np.mean(right))
            numbers[f'{kind}_ci95'] = list(wilson_interval(sum(right), len(right)))
    if refused:
        numbers['refusal_rate'] = float(np.mean(refused))
    return numbers


_KINDS = ('first', 'other', 'paraphrase', 'absent')


def line(outcome: Outcome) -> str:
    """Return an outcome in one line."""
    episode = outcome.episode
    mishaps = episode.mishaps
    return (
        f'{outcome.kind:10s} {"ok  " if outcome.success else "FAIL"} world {outcome.seed} '
        f'{episode.time_s:5.1f} s  gap {outcome.gap_m:4.2f} m  {episode.status.name:9s} '
        f'collisions {mishaps.collisions} falls {mishaps.falls}  {outcome.told!r}'
    )
