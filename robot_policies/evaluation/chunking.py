# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Schedulers side by side: the same episodes with the same delays, success and smoothness."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import PluginContext
from robot_policies.core.plugins import create
from robot_policies.core.robot import BodySpec
from robot_policies.evaluation.go2_instruction import CAMERA, Course, judged, Task
from robot_policies.evaluation.instruction_bodies import TICK_NS
from robot_policies.evaluation.instruction_episode import Delay, Episode, run_episode
from robot_policies.evaluation.statistics import bootstrap_interval, wilson_interval

MS = 1_000_000
TICK_S = TICK_NS / 1e9
SCHEDULERS: Mapping[str, str] = {
    'synchronous': 'robot_policies.scheduling.synchronous:Synchronous',
    'latest_wins': 'robot_policies.scheduling.latest_wins:LatestWins',
    'temporal_ensembling': 'robot_policies.scheduling.temporal_ensembling:TemporalEnsembling',
    'real_time_chunking': 'robot_policies.scheduling.real_time_chunking:RealTimeChunking',
}
DELAYS_MS = (0, 50, 100, 200, 400)
JITTER_SHARE = 0.25
JITTER_MS = 20.0
MOST_LOST = 0.05
"""What real-time chunking may lose of its success from no delay to 200 ms."""


@dataclass(frozen=True)
class Trial:
    """One episode that is to be run."""

    scheduler: str
    delay_ms: int
    task: Task

    @property
    def key(self) -> str:
        """What tells it from the others."""
        return f'{self.scheduler}/{self.delay_ms}/{self.task.world.seed}'


def trials(
    tasks: Sequence[Task], delays_ms: Sequence[int], schedulers: Sequence[str] = tuple(SCHEDULERS)
) -> Iterator[Trial]:
    """Yield every trial, world by world, so that an interrupted run is balanced too."""
    for task in tasks:
        for delay_ms in delays_ms:
            for scheduler in schedulers:
                yield Trial(scheduler, delay_ms, task)


def delays(mean_ms: int, seed: int) -> Delay:
    """Return delays with jitter; the same for every scheduler in the same world.

    Each is the mean times a factor within ± JITTER_SHARE, plus up to JITTER_MS.
    """
    rng = np.random.default_rng((seed, mean_ms))

    def draw() -> int:
        factor, extra_ms = 1.0 + JITTER_SHARE * rng.uniform(-1.0, 1.0), JITTER_MS * rng.uniform()
        return round((mean_ms * factor + extra_ms) * MS)

    return draw


def run(course: Course, trial: Trial) -> dict[str, Any]:
    """Run one trial; return its row."""
    task, robot = trial.task, course.robot
    context = PluginContext(robot=robot)
    scheduler = create(SCHEDULERS[trial.scheduler], verb='merge', values={}, context=context)
    episode = run_episode(
        robot,
        course.body,
        course.policy,
        task.world,
        task.text,
        camera=CAMERA,
        limit_s=task.limit_s,
        seed=task.world.seed,
        scheduler=scheduler,
        delay=delays(trial.delay_ms, task.world.seed),
    )
    return {
        'key': trial.key,
        'scheduler': trial.scheduler,
        'delay_ms': trial.delay_ms,
        'world': task.world.seed,
        'success': judged(task, episode, robot).success,
        'time_s': episode.time_s,
        'falls': episode.mishaps.falls,
        'collisions': episode.mishaps.collisions,
        **smoothness(episode, robot.body),
    }


def smoothness(episode: Episode, body: BodySpec) -> dict[str, float]:
    """Return how smoothly the robot was commanded from the instruction on.

    `jump_m_s` is the largest change of vx or vy in 20 ms; `jump_share` that of any component,
    turning too, by what the robot's acceleration allows; `planned_share` the same of what the
    scheduler wanted; `jerk_rms_m_s3` of vx and vy.
    """
    allowed = TICK_S * body.accelerations
    steps = np.abs(np.diff(episode.commanded, axis=0))
    return {
        'jump_m_s': _largest(steps[:, :2]),
        'jump_share': _largest(steps / allowed),
        'planned_share': _largest(np.abs(np.diff(episode.planned, axis=0)) / allowed),
        'jerk_rms_m_s3': _jerk_rms(episode.commanded[:, :2]),
    }


def summary(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the table, the bars, and the totals."""
    groups: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row['scheduler'], row['delay_ms']), []).append(row)
    order = sorted(groups, key=lambda group: (list(SCHEDULERS).index(group[0]), group[1]))
    lines = [_line(name, delay_ms, groups[name, delay_ms]) for name, delay_ms in order]
    numbers: dict[str, Any] = {
        'falls': sum(row['falls'] for row in rows),
        'collisions': sum(row['collisions'] for row in rows),
    }
    ours, slow = groups.get(('real_time_chunking', 0)), groups.get(('real_time_chunking', 200))
    if ours and slow:
        right = sum(row['success'] for row in slow)
        numbers['success_rate'] = right / len(slow)
        numbers['ci95'] = list(wilson_interval(right, len(slow)))
        numbers |= _lost(ours, slow)
        numbers['bars'] = _bars(numbers, [row for row in rows if _is_ours(row)])
    return {**numbers, 'rows': lines}


def _is_ours(row: Mapping[str, Any]) -> bool:
    return bool(row['scheduler'] == 'real_time_chunking')


def _lost(base: Sequence[Mapping[str, Any]], slow: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what the delay cost, world by world."""
    at_once = {row['world']: row['success'] for row in base}
    pairs = [
        float(at_once[row['world']]) - float(row['success'])
        for row in slow
        if row['world'] in at_once
    ]
    if not pairs:
        return {}
    values = np.array(pairs)
    return {
        'lost_at_200_ms': float(values.mean()),
        'lost_at_200_ms_ci95': list(bootstrap_interval(values)),
    }


def _bars(
    numbers: Mapping[str, Any], ours: Sequence[Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    lost = numbers.get('lost_at_200_ms', 1.0)
    jump = max(row['jump_share'] for row in ours)
    return {
        'success lost by real_time_chunking from 0 to 200 ms, at most': {
            'value': lost,
            'limit': MOST_LOST,
            'holds': lost <= MOST_LOST,
        },
        "largest jump of real_time_chunking by the robot's acceleration, at most": {
            'value': jump,
            'limit': 1.0,
            'holds': jump <= 1.0 + 1e-6,
        },
    }


def _line(name: str, delay_ms: int, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    right = sum(row['success'] for row in rows)
    times = [row['time_s'] - 1.0 for row in rows if row['success']]
    return {
        'scheduler': name,
        'delay_ms': delay_ms,
        'episodes': len(rows),
        'success_rate': right / len(rows),
        'ci95': list(wilson_interval(right, len(rows))),
        'time_s_median': float(np.median(times)) if times else None,
        'jump_m_s': max(row['jump_m_s'] for row in rows),
        'jump_share': max(row['jump_share'] for row in rows),
        'planned_share': max(row['planned_share'] for row in rows),
        'jerk_rms_m_s3': float(np.mean([row['jerk_rms_m_s3'] for row in rows])),
        'collisions': sum(row['collisions'] for row in rows),
    }


def _largest(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(known.max()) if known.size else 0.0


def _jerk_rms(velocity: FloatArray) -> float:
    jerk = np.diff(velocity, 2, axis=0) / TICK_S**2
    return float(np.sqrt((jerk**2).sum(axis=1).mean())) if len(jerk) else 0.0
