# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A summary in a few lines for a terminal."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from robot_policies.evaluation.run_summary import RunSummary

_MARKS = {'reached': '✓', 'interrupted': '–', 'not finished': '…'}


def as_text(summary: 'RunSummary') -> str:
    """Return the summary for a terminal: instructions, mishaps, timing, files."""
    lines = [f'{summary.run} · {summary.robot} · {summary.duration_s:.1f} s']
    lines += _instructions(summary)
    lines.append('  ' + ' · '.join(_mishaps(summary)))
    lines += [f'  {line}' for line in _timing(summary)]
    lines += [f'  note: {note}' for note in summary.notes]
    size = f'({summary.recording_mb:.1f} MB)'
    lines.append(f'  written: summary.json {" ".join(summary.files)} {size}')
    return '\n'.join(lines)


def _instructions(summary: 'RunSummary') -> Iterator[str]:
    if not summary.instructions:
        yield '  no instruction was given'
        return
    reached = sum(1 for result in summary.instructions if result.outcome == 'reached')
    yield f'  {reached} of {len(summary.instructions)} instructions reached'
    width = max(len(result.text) for result in summary.instructions)
    for result in summary.instructions:
        mark = _MARKS.get(result.outcome, '✗')
        when = '' if result.time_s is None else f'in {result.time_s:.1f} s'
        away = '' if result.distance_m is None else f'{result.distance_m:.2f} m from it'
        words = result.message if result.outcome not in ('reached',) else ''
        details = ', '.join(part for part in (when, away, words) if part)
        yield f'    {mark} {result.text:{width}}  {result.outcome} {details}'.rstrip()


def _mishaps(summary: 'RunSummary') -> Iterator[str]:
    for name, count in (('falls', summary.falls), ('collisions', summary.collisions)):
        yield f'{name} {"unknown" if count is None else count}'
    if summary.closest_approach is not None:
        yield f'closest approach {summary.closest_approach.distance_m:.2f} m'
    yield f'walked {summary.walked_m:.1f} m'
    error = summary.tracking_error
    if error is not None:
        yield (f'velocity error {error.vx:.2f}, {error.vy:.2f} m/s, {error.yaw_rate:.2f} rad/s')


def _timing(summary: 'RunSummary') -> Iterator[str]:
    for name, age in summary.latencies.items():
        words = name.replace('_to_', ' → ').replace('_', ' ')
        yield f'{words}: p50 {age.p50_ms:.1f} ms, p99 {age.p99_ms:.1f} ms (n {age.n})'
    missed = {name: count for name, count in summary.deadline_misses.items() if count}
    if summary.deadline_misses:
        listed = ', '.join(f'{name} {count}' for name, count in missed.items()) or 'none'
        yield f'deadlines missed: {listed}'
    if summary.real_time_factor is not None:
        yield f'real-time factor {summary.real_time_factor:.2f}'
