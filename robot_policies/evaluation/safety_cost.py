# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What each layer of safety costs: the same worlds and instructions, layer by layer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from robot_policies.core.contracts import LocomotionController, Policy
from robot_policies.core.robot import RobotSpec
from robot_policies.evaluation.go2_instruction import CAMERA, Course, Task
from robot_policies.evaluation.layered_bodies import LayeredPuppet, LayeredWalker
from robot_policies.evaluation.safety_layers import Layers, supervisor_of
from robot_policies.evaluation.statistics import bootstrap_interval, wilson_interval
from robot_policies.safety.supervisor import Supervisor
from robot_policies.sim.world_spec import WorldSpec

Record = dict[str, Any]


@dataclass(frozen=True)
class Trial:
    """One episode that is to be run: a task behind the layers of an arm."""

    arm: str
    number: int
    task: Task

    @property
    def key(self) -> str:
        """What tells it from the others."""
        return f'{self.arm}/{self.number}'


def trials(arms: Sequence[str], tasks: Sequence[Task]) -> Iterator[Trial]:
    """Yield every trial; the arms of a task follow one another."""
    for number, task in enumerate(tasks):
        for arm in arms:
            yield Trial(arm, number, task)


class Runner:
    """Runs episodes behind changing layers."""

    def __init__(
        self,
        robot: RobotSpec,
        spec: WorldSpec,
        policy: Policy,
        controller: LocomotionController | None,
        arms: Mapping[str, Layers],
    ) -> None:
        """Put the body together.

        Args:
            robot: The robot.
            spec: What the worlds are drawn from.
            policy: Is asked.
            controller: Walks; None for the puppet.
            arms: Name -> layers.
        """
        self._robot, self._arms = robot, arms
        self._layers = Layers()
        body: LayeredPuppet | LayeredWalker
        if controller is None:
            body = LayeredPuppet(robot, CAMERA, self._supervisor)
        else:
            body = LayeredWalker(robot, controller, CAMERA, self._supervisor)
        self._body = body
        self._course = Course(robot, body, policy, spec)

    def __call__(self, trial: Trial) -> Record:
        """Run one episode and return what is kept of it."""
        self._layers = self._arms[trial.arm]
        outcome = self._course.do(trial.task)
        mishaps = outcome.episode.mishaps
        return {
            'key': trial.key,
            'arm': trial.arm,
            'success': outcome.success,
            'time_s': outcome.episode.time_s,
            'collisions': mishaps.collisions,
            'falls': mishaps.falls,
            **self._body.layering.trace.numbers(),
        }

    def _supervisor(self) -> Supervisor:
        return supervisor_of(self._layers, self._robot)


def summary(records: Sequence[Record]) -> dict[str, dict[str, Any]]:
    """Return the numbers of each arm, the first arm being what the others are compared with.

    Args:
        records: Of the same tasks in the same order for every arm.
    """
    arms: dict[str, list[Record]] = {}
    for record in records:
        arms.setdefault(record['arm'], []).append(record)
    reference = next(iter(arms.values()))
    return {arm: _arm(own, reference) for arm, own in arms.items()}


def _arm(records: Sequence[Record], reference: Sequence[Record]) -> dict[str, Any]:
    count = len(records)
    won = np.array([r['success'] for r in records], dtype=float)
    base = np.array([r['success'] for r in reference], dtype=float)
    minutes = np.array([r['seconds'] for r in records]) / 60.0
    rate = np.array([r['interventions'] for r in records]) / np.maximum(minutes, 1e-9)
    touched = sum(r['collisions'] > 0 for r in records)
    both = [
        mine['time_s'] - theirs['time_s']
        for mine, theirs in zip(records, reference, strict=True)
        if mine['success'] and theirs['success']
    ]
    counts = _by_check(records)
    numbers = {
        'episodes': count,
        'success_rate': float(won.mean()),
        'ci95': list(wilson_interval(int(won.sum()), count)),
        'success_change': float((won - base).mean()),
        'success_change_ci95': list(bootstrap_interval(won - base)),
        'time_change_s': float(np.mean(both)) if both else None,
        'time_change_s_ci95': list(bootstrap_interval(np.array(both))) if both else None,
        'collision_rate': touched / count,
        'collision_rate_ci95': list(wilson_interval(touched, count)),
        'falls': sum(r['falls'] for r in records),
        'interventions_per_min': float(rate.mean()),
        'interventions_per_min_ci95': list(bootstrap_interval(rate)),
        'hours': float(minutes.sum()) / 60.0,
        'by_check': counts,
        'by_check_per_min': {name: n / max(minutes.sum(), 1e-9) for name, n in counts.items()},
        'acting_share': float(np.mean([r['acting_share'] for r in records])),
        'velocity_jerk': float(np.mean([r['velocity_jerk'] for r in records])),
    }
    if any(r['target_jerk'] for r in records):
        numbers['target_jerk'] = float(np.mean([r['target_jerk'] for r in records]))
    return numbers


def _by_check(records: Sequence[Record]) -> dict[str, int]:
    """Return check -> how often it began to act."""
    counts: dict[str, int] = {}
    for record in records:
        for check, count in record['by_check'].items():
            counts[check] = counts.get(check, 0) + count
    return dict(sorted(counts.items()))
