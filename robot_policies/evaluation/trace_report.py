# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Where the time goes between sensors and motors, in words."""

from collections.abc import Iterable

from robot_policies.core.statistics import Quantiles
from robot_policies.core.trace import Span
from robot_policies.core.trace_window import RouteQuantiles, TraceWindow

_ALL = 1_000_000


def report(spans: Iterable[Span]) -> tuple[str, ...]:
    """Return lines with p50, p99 and max of every route and hop.

    Args:
        spans: Of a run, in the order in which they were told.
    """
    window = TraceWindow(size=_ALL)
    window.add(spans)
    window.finish()
    lines = [f'{window.commands} joint commands taken by the robot']
    if not window.commands:
        lines.append('without one there is no chain: does the robot run, and trace (trace:=true)?')
    for topic, count in sorted(window.broken.items()):
        lines.append(f'{count} chains end at {topic}, of which nobody told; they are left out')
    if window.commands and not any('policy/chunk' in _topics(r) for r in window.routes()):
        lines.append('none rests on a policy: was there an instruction?')
    for route in window.routes():
        lines += ['', *_route(route)]
    return tuple(lines)


def _topics(route: RouteQuantiles) -> set[str]:
    return {hop.topic for hop in route.hops}


def _route(route: RouteQuantiles) -> list[str]:
    told = '' if route.origin_traced else ' (from its stamp on: nobody told when it was published)'
    lines = [f'{route.name} -> robot{told}', f'  {"ms":<38}{"n":>7}{"p50":>9}{"p99":>9}{"max":>9}']
    lines.append(_line('news: first command that rests on it', route.reaction))
    lines.append(_line('age: every command that rests on it', route.age))
    lines += [_line(f'  {hop.topic}', hop.elapsed) for hop in route.hops]
    lines += [
        _line(f'  work on {hop.topic}', hop.work) for hop in route.hops if hop.work.p50 >= 1.0
    ]
    return lines


def _line(name: str, value: Quantiles) -> str:
    numbers = f'{value.count:>7}{value.p50:>9.2f}{value.p99:>9.2f}{value.maximum:>9.2f}'
    return f'  {name:<38}{numbers}'
