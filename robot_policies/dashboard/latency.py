# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The table of latencies: what the trace node says on `/diagnostics`, as rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
import re

from robot_policies.dashboard.model import Status

_KEY = re.compile(r'(?P<route>.+) \| (?P<what>.+)_(?P<quantile>p50|p99|max)_ms')
_UNTOLD = 'untold '
_NOBODY = 'No trace node reports: start the stack with trace:=true.'
_HEAD = '<tr><th>ms</th><th>p50</th><th>p99</th><th>max</th></tr>'
_WORDS = {'reaction': 'until the first command', 'age': 'in every command'}


@dataclass(frozen=True)
class LatencyRow:
    """One line of the table.

    Attributes:
        route: Where it begins.
        name: What took the time.
        figures: p50, p99 and max in ms, as they were reported.
        is_hop: True for a part of the way, False for the whole.
    """

    route: str
    name: str
    figures: tuple[str, str, str]
    is_hop: bool


def latency_rows(statuses: Mapping[str, Status], now_ns: int) -> tuple[LatencyRow, ...]:
    """Return the rows in the order of their report; none while nobody reports.

    Args:
        statuses: Reports by name.
        now_ns: Now, monotonic.
    """
    found: dict[tuple[str, str], dict[str, str]] = {}
    for status in statuses.values():
        for key, value in status.values.items():
            match = None if status.is_silent(now_ns) else _KEY.fullmatch(key)
            if match:
                place = found.setdefault((match['route'], match['what']), {})
                place[match['quantile']] = value
    return tuple(
        LatencyRow(
            route,
            _WORDS.get(what) or what.partition(' ')[2],
            (values.get('p50', ''), values.get('p99', ''), values.get('max', '')),
            what not in _WORDS,
        )
        for (route, what), values in found.items()
    )


def untold(statuses: Mapping[str, Status], now_ns: int) -> str:
    """Return in words which hops nobody tells of; empty if all are known."""
    names = [
        key.removeprefix(_UNTOLD)
        for status in statuses.values()
        for key in status.values
        if key.startswith(_UNTOLD) and not status.is_silent(now_ns)
    ]
    return f'Not known: what led to {", ".join(names)}.' if names else ''


def latency_table(statuses: Mapping[str, Status], now_ns: int) -> str:
    """Return the table as HTML; arguments as in `latency_rows`."""
    rows = latency_rows(statuses, now_ns)
    if not rows:
        return f'<div class="rp rp-dim">{_NOBODY}</div>'
    lines = [_HEAD]
    route = ''
    for row in rows:
        if row.route != route:
            route = row.route
            lines.append(f'<tr><td colspan="4"><b>{escape(route)}</b></td></tr>')
        name = f'&emsp;{escape(row.name)}' if row.is_hop else escape(row.name)
        cells = ''.join(f'<td>{escape(figure)}</td>' for figure in row.figures)
        lines.append(f'<tr><td>{name}</td>{cells}</tr>')
    gap = escape(untold(statuses, now_ns))
    note = f'<p class="rp-foot">{gap}</p>' if gap else ''
    return f'<div class="rp"><table>{"".join(lines)}</table>{note}</div>'
