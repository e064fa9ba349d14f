# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the measurements one after the other and says what machine it was."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
import difflib
import importlib
import os
import pkgutil
import platform
import time
from typing import Any

import psutil
from robot_policies import __version__
from robot_policies.core.errors import ConfigError, RobotPoliciesError
from robot_policies.evaluation.bench.measurement import Measurement
from robot_policies.evaluation.machine.awake import cores_awake

_PACKAGE = 'robot_policies.evaluation.bench'
_LIBRARIES = ('numpy', 'mujoco', 'torch', 'rclpy')
_SAME = ('processor', 'cores', 'memory_gb')
"""What the figures of one result must have in common."""


def measurements() -> dict[str, Measurement]:
    """Return every measurement by name, in alphabetical order."""
    package = importlib.import_module(_PACKAGE)
    modules = (
        importlib.import_module(f'{_PACKAGE}.{info.name}')
        for info in pkgutil.iter_modules(package.__path__)
    )
    found = [module.MEASUREMENT for module in modules if hasattr(module, 'MEASUREMENT')]
    return {item.name: item for item in sorted(found, key=lambda item: item.name)}


def run_bench(
    *,
    quick: bool = False,
    only: Sequence[str] = (),
    say: Callable[[str], None] = lambda line: None,
    keep: Callable[[dict[str, Any]], None] = lambda result: None,
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Measure.

    A measurement that cannot be made here (no checkpoint, no ROS) is reported as `not_measured`
    with the reason; the others go on.

    Args:
        quick: Seconds instead of minutes: shows that it works, the figures are rough.
        only: Names of the wanted measurements; all by default.
        say: Takes one line of progress.
        keep: Takes the result after each measurement, so that nothing is lost by an interruption.
        before: An earlier result; what was measured then and not now stays in the result.

    Returns:
        What goes into the JSON: machine, and one entry per measurement.

    Raises:
        ConfigError: An unknown name, or the earlier result is another machine's.
    """
    known = measurements()
    chosen = [_find(name, known) for name in only] or list(known.values())
    machine = describe_machine()
    if before:
        _refuse_other(before.get('machine', {}), machine)
    kept = dict((before or {}).get('measurements', {}))
    result: dict[str, Any] = {'machine': machine, 'measurements': kept}
    for item in chosen:
        say(f'{item.name}: {item.help} …')
        about = {'load_before': os.getloadavg()[0], 'loop_ms_before': round(_loop_ms(), 1)}
        try:
            with cores_awake():
                numbers = item.run(quick)
        except (RobotPoliciesError, ImportError) as error:
            numbers = {'not_measured': str(error)}
        kept[item.name] = {'when': utc_minute(), 'quick': quick, **about, **numbers}
        keep(result)
    return result


def describe_machine() -> dict[str, Any]:
    """Return what a figure depends on: processor, cores, memory, versions, time."""
    return {
        'processor': _processor(),
        'cores': psutil.cpu_count(),
        'memory_gb': round(psutil.virtual_memory().total / 1e9, 1),
        'system': f'{platform.system()} {platform.release()}',
        'python': platform.python_version(),
        'versions': {'robot_policies': __version__} | {n: _version(n) for n in _LIBRARIES},
    }


def _loop_ms() -> float:
    """Return how long a fixed loop takes: a rented core is not always as fast as it was."""
    started = time.perf_counter()
    total = 0
    for number in range(1_000_000):
        total += number
    return 1e3 * (time.perf_counter() - started)


def _refuse_other(before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Raise `ConfigError` if figures of two machines would stand in one result."""
    different = [
        f'{name}: {before.get(name)} there, {now[name]} here'
        for name in _SAME
        if before.get(name) != now[name]
    ]
    if different:
        problem = f'the result is that of another machine ({"; ".join(different)})'
        raise ConfigError('bench', [f'{problem}: measure into another file'])


def utc_minute() -> str:
    """Return the present minute, as a result keeps it."""
    return datetime.now(tz=timezone.utc).isoformat(timespec='minutes')


def _find(name: str, known: dict[str, Measurement]) -> Measurement:
    if name in known:
        return known[name]
    close = difflib.get_close_matches(name, known, n=1)
    hint = f'did you mean {close[0]}?' if close else f'known are {", ".join(known)}'
    raise ConfigError('bench', [f'{name!r} is unknown, {hint}'])


def _processor() -> str:
    try:
        with open('/proc/cpuinfo', encoding='utf-8') as file:
            names = [line.partition(':')[2].strip() for line in file if 'model name' in line]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or 'unknown'


def _version(library: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(library)
    except PackageNotFoundError:
        return 'not installed'
