# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What each layer of safety costs: the same worlds and instructions, layer by layer."""

from collections.abc import Callable, Iterator, Mapping, Sequence
import json
from pathlib import Path
import time
from typing import Any

import numpy as np
from robot_policies.evaluation.go2_instruction import Course, Task
from robot_policies.evaluation.statistics import bootstrap_interval, wilson_interval

Record = dict[str, Any]
Run = Callable[[str, Task], Record]


def record_of(course: Course, task: Task) -> Record:
    """Run one episode and return what is kept of it; the body is a layered one."""
    outcome = course.do(task)
    body: Any = course.body
    mishaps = outcome.episode.mishaps
    return {
        'success': outcome.success,
        'time_s': outcome.episode.time_s,
        'collisions': mishaps.collisions,
        'falls': mishaps.falls,
        **body.trace.numbers(),
    }


def collect(
    arms: Sequence[str], tasks: Sequence[Task], run: Run, path: Path, say: Callable[[str], None]
) -> dict[str, list[Record]]:
    """Run what is not in the file of records yet; the arms of a task follow one another.

    Args:
        arms: Names of the layers.
        tasks: The same ones for every arm.
        run: Runs one episode.
        path: Lines of JSON, one per episode; appended to, so that a killed run goes on.
        say: Takes a line of progress.

    Returns:
        Arm -> records in the order of the tasks.
    """
    known = dict(_read(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    wanted = [(arm, i) for i in range(len(tasks)) for arm in arms]
    missing = [key for key in wanted if key not in known]
    started = time.monotonic()
    with path.open('a', encoding='utf-8') as file:
        for done, (arm, i) in enumerate(missing, start=1):
            known[arm, i] = run(arm, tasks[i])
            file.write(json.dumps({'arm': arm, 'task': i, **known[arm, i]}) + '\n')
            file.flush()
            if done % 10 == 0 or done == len(missing):
                each_s = (time.monotonic() - started) / done
                left_s = each_s * (len(missing) - done)
                say(f'{done} of {len(missing)} episodes, {left_s:.0f} s to go')
    return {arm: [known[arm, i] for i in range(len(tasks))] for arm in arms}


def _read(path: Path) -> Iterator[tuple[tuple[str, int], Record]]:
    if not path.is_file():
        return
    for line in path.read_text(encoding='utf-8').splitlines():
        try:
            record = json.loads(line)
        except ValueError:
            continue  # a line that was being written when the run was killed
        yield (record.pop('arm'), record.pop('task')), record


def summary(records: Mapping[str, Sequence[Record]]) -> dict[str, dict[str, Any]]:
    """Return the numbers of each arm, the first arm being what the others are compared with."""
    reference = next(iter(records.values()))
    return {arm: _arm(own, reference) for arm, own in records.items()}


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
        'by_check_per_min': _by_check(records, float(minutes.sum())),
        'acting_share': float(np.mean([r['acting_share'] for r in records])),
        'velocity_jerk': float(np.mean([r['velocity_jerk'] for r in records])),
    }
    if any(r['target_jerk'] for r in records):
        numbers['target_jerk'] = float(np.mean([r['target_jerk'] for r in records]))
    return numbers


def _by_check(records: Sequence[Record], minutes: float) -> dict[str, float]:
    """Return check -> how often per minute it began to act."""
    counts: dict[str, int] = {}
    for record in records:
        for check, count in record['by_check'].items():
            counts[check] = counts.get(check, 0) + count
    return {check: count / max(minutes, 1e-9) for check, count in sorted(counts.items())}
