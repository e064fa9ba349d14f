# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the full stack for long and watches whether anything grows, is missed or is dropped.

Each sample is a line of a file, so that an interrupted soak keeps what it saw. What runs on after
an interruption is another stack: growth is judged in the longest uninterrupted part.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
import json
import math
import os
from pathlib import Path
import signal
import subprocess
import sys
import time
from typing import Any

import psutil
from robot_policies.bringup.claim import Claim
from robot_policies.core.errors import ConfigError
from robot_policies.evaluation.bench.processes import BenchError, environment
from robot_policies.evaluation.bench.resources import process_name, wait_ready
from robot_policies.evaluation.bench.runner import describe_machine
from robot_policies.evaluation.soak_growth import growth, SERIES, WARM_UP_S
from robot_policies.ros.probes.diagnostics_probe import DiagnosticsProbe

STACK = 'go2_mujoco'
MEMORY_MB_PER_H = 5.0
"""A slope of memory below this does not matter: it would take days to."""
DESCRIPTORS_PER_H = 1.0
_ASK_S = 2.0
_END_S = 240.0
_DOMAINS = 40
_COUNTS = ('_deadline_misses', 'dropped', '_refused', 'refused.')


def run_soak(
    hours: float,
    samples: Path,
    runs: Path,
    say: Callable[[str], None],
    *,
    period_s: float = 10.0,
) -> None:
    """Run the stack for what is missing of so many hours, and append to the samples.

    Args:
        hours: Of all parts together.
        samples: File with a line per sample.
        runs: Folder for the run.
        say: Takes one line of progress.
        period_s: From sample to sample.

    Raises:
        BenchError: The stack does not get ready, or ends.
    """
    before = read_samples(samples)
    seconds = hours * 3600.0 - _sampled_s(before)
    if seconds <= 0.0:
        say('the samples are complete')
        return
    part = max((sample['part'] for sample in before), default=-1) + 1
    with _stack(runs) as (starter, probe), open(samples, 'a', encoding='utf-8') as file:
        begun = told = time.monotonic()
        while (now := time.monotonic()) - begun < seconds:
            _wait(starter, probe, now + min(period_s, begun + seconds - now))
            sample = {'part': part, 's': time.monotonic() - begun, **_sample(starter, probe)}
            file.write(json.dumps(sample) + '\n')
            file.flush()
            if now - told > 60.0 or now == begun:
                told = now
                say(f'{sample["s"] / 60.0:.1f} of {seconds / 60.0:.0f} min: {_memory(sample)}')


def read_samples(path: Path) -> list[dict[str, Any]]:
    """Return the samples so far; a last line that was cut off is left out."""
    if not path.is_file():
        return []
    samples = []
    for line in path.read_text(encoding='utf-8').splitlines():
        try:
            samples.append(dict(json.loads(line)))
        except ValueError:
            break
    return samples


def report(samples: Sequence[dict[str, Any]], *, warm_up_s: float = WARM_UP_S) -> dict[str, Any]:
    """Return what the samples come to.

    Args:
        samples: Of all parts.
        warm_up_s: What is sampled before does not count for growth.
    """
    lengths = {sample['part']: sample['s'] for sample in samples}
    longest = max(lengths, key=lambda part: lengths[part], default=0)
    mine = [sample for sample in samples if sample['part'] == longest]
    warm = [sample for sample in mine if sample['s'] >= warm_up_s]
    names = sorted({name for sample in warm for name in sample['processes']})
    processes = {name: _process(name, warm) for name in names}
    counts = _counted(mine)
    grows = [
        f'{name}: {key}'
        for name, numbers in processes.items()
        for key, of_key in numbers.items()
        if of_key['grows']
    ]
    too_short = any(
        of['grows'] is None for numbers in processes.values() for of in numbers.values()
    )
    return {
        'benchmark': 'soak',
        'machine': describe_machine(),
        'hours': sum(lengths.values()) / 3600.0,
        'longest_part_hours': lengths.get(longest, 0.0) / 3600.0,
        'parts': len(lengths),
        'processes': processes,
        'deadline_misses': {k: v for k, v in counts.items() if k.endswith('_deadline_misses')},
        'dropped': {k: v for k, v in counts.items() if not k.endswith('_deadline_misses')},
        'grows': grows,
        'too_short': too_short,
        'held': bool(processes) and not grows and not too_short,
        SERIES: _memory_by_minute(names, mine),
    }


def _process(name: str, samples: Sequence[dict[str, Any]]) -> dict[str, Any]:
    there = [sample for sample in samples if name in sample['processes']]
    times = [sample['s'] for sample in there]
    limits = {'memory_mb': MEMORY_MB_PER_H, 'descriptors': DESCRIPTORS_PER_H, 'threads': 1.0}
    limits['shared_mb'] = math.inf  # bounded by the middleware's segments, whose pages fill slowly
    numbers: dict[str, Any] = {}
    for key, allowed in limits.items():
        values = [sample['processes'][name][key] for sample in there]
        numbers[key] = {
            'first': values[0],
            'last': values[-1],
            'max': max(values),
            **growth(times, values, allowed_per_h=allowed),
        }
    return numbers


def _memory_by_minute(
    names: Sequence[str], samples: Sequence[dict[str, Any]]
) -> dict[str, list[tuple[int, float]]]:
    """Return each process's first memory of each minute, as (minute, MB)."""
    series: dict[str, dict[int, float]] = {name: {} for name in names}
    for sample in samples:
        for name in series.keys() & sample['processes'].keys():
            series[name].setdefault(int(sample['s'] // 60), sample['processes'][name]['memory_mb'])
    return {name: list(of_minute.items()) for name, of_minute in series.items()}


def _counted(samples: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Return each node's own counts, as it last said."""
    return dict(samples[-1]['counts']) if samples else {}


def _sampled_s(samples: Sequence[dict[str, Any]]) -> float:
    lengths = {sample['part']: float(sample['s']) for sample in samples}
    return sum(lengths.values())


@contextmanager
def _stack(runs: Path) -> Iterator[tuple['subprocess.Popen[bytes]', DiagnosticsProbe]]:
    runs.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, '-m', 'robot_policies.cli', 'up', '--die-with-parent', STACK]
    command += [f'runs:={runs}', 'operator:=true', 'record:=true', 'recorder.image_rate_hz:=1.0']
    log, env = runs / 'starter.log', _free_domain()
    os.environ.update(env)  # the probe is a part of the same domain
    with open(log, 'w', encoding='utf-8') as output:
        starter = subprocess.Popen(command, env=env, stdout=output, stderr=subprocess.STDOUT)
        probe = None
        try:
            wait_ready(starter, log)
            probe = DiagnosticsProbe(int(env['ROS_DOMAIN_ID']))
            yield starter, probe
        finally:
            if probe is not None:
                probe.close()
            starter.send_signal(signal.SIGINT)
            try:
                starter.wait(_END_S)
            except subprocess.TimeoutExpired:
                starter.kill()
                starter.wait()


def _free_domain() -> dict[str, str]:
    """Return the environment of a ROS domain in which no stack runs."""
    for _ in range(_DOMAINS):
        env = environment()
        with suppress(ConfigError):
            Claim(int(env['ROS_DOMAIN_ID']), '').release()
            return env
    raise BenchError('no ROS domain is free: stacks run in all of them')


def _wait(starter: 'subprocess.Popen[bytes]', probe: DiagnosticsProbe, until: float) -> None:
    while (left := until - time.monotonic()) > 0.0:
        if starter.poll() is not None:
            raise BenchError(f'{STACK} ended with exit status {starter.returncode}')
        time.sleep(min(left, _ASK_S))
        probe.latest()


def _sample(starter: 'subprocess.Popen[bytes]', probe: DiagnosticsProbe) -> dict[str, Any]:
    processes = {}
    for process in psutil.Process(starter.pid).children(recursive=True):
        try:
            with process.oneshot():
                name = process_name(process.cmdline())
                memory = process.memory_info()
                processes[name] = {
                    'memory_mb': (memory.rss - memory.shared) / 1e6,
                    'shared_mb': memory.shared / 1e6,
                    'descriptors': process.num_fds(),
                    'threads': process.num_threads(),
                }
        except psutil.Error:
            continue  # it has ended between being listed and being looked at
    counts = {
        f'{node}/{key}': int(value)
        for node, values in probe.latest().items()
        for key, value in values.items()
        if any(word in key for word in _COUNTS) and value.isdigit()
    }
    return {'processes': processes, 'counts': counts}


def _memory(sample: dict[str, Any]) -> str:
    items = sorted(sample['processes'].items())
    return ', '.join(f'{name} {values["memory_mb"]:.0f} MB' for name, values in items)
