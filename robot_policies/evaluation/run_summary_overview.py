# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A run on one page: the path from above, and over time what was asked, done and how fast."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, TYPE_CHECKING

import matplotlib

matplotlib.use('Agg')

from matplotlib.axes import Axes
from matplotlib.figure import Figure
import matplotlib.pyplot as plt
import numpy as np
from robot_policies.core.robot import RobotSpec
from robot_policies.evaluation.run_summary_data import NS, RunData, with_ends
from robot_policies.evaluation.run_summary_map import draw_map, INK, MUTED, PALETTE
from robot_policies.evaluation.run_summary_motion import clearance, smoothed
from robot_policies.evaluation.run_summary_outcome import safety_name
from robot_policies.evaluation.run_summary_timing import ages_ns

if TYPE_CHECKING:
    from robot_policies.evaluation.run_summary import RunSummary

_SEVERITY = {
    'PASS': '#cfe8d5',
    'LIMIT': '#f6dd8b',
    'HOLD': '#f0a35e',
    'RECOVER': '#d9775f',
    'DAMP': '#b3262e',
}
_POLICY = {
    'IDLE': '#e6e6e6',
    'ACTING': '#a9c9ea',
    'SEARCHING': '#d3c3ea',
    'REACHED': '#9fd3a8',
    'NOT_SEEN': '#f6c7a0',
    'NOT_UNDERSTOOD': '#f6c7a0',
}
_LABELLED = 0.05
"""A state gets its name written into its band if it lasts this share of the run."""
_MEASURED = '#2f6fb2'


def draw_overview(data: RunData, summary: 'RunSummary', robot: RobotSpec, path: Path) -> None:
    """Write the page.

    Args:
        data: What was recorded.
        summary: The numbers about it.
        robot: Whose footprint is drawn.
        path: The PNG.

    Raises:
        OSError: It cannot be written.
    """
    with plt.rc_context(_STYLE):
        figure = plt.figure(figsize=(15.0, 8.4), layout='constrained')
        grid = figure.add_gridspec(5, 2, width_ratios=(1.0, 1.15), height_ratios=(3, 3, 3, 3, 1.1))
        figure.suptitle(_title(summary), x=0.012, ha='left', color=INK, fontsize=14)
        draw_map(figure.add_subplot(grid[:, 0]), data, summary, robot)
        axes = [figure.add_subplot(grid[0, 1])]
        axes += [figure.add_subplot(grid[row, 1], sharex=axes[0]) for row in range(1, 5)]
        _velocity(axes[0], data, 0, 'forward  m/s')
        _velocity(axes[1], data, 2, 'turn  rad/s')
        _clearance(axes[2], data, robot)
        _ages(axes[3], data)
        _states(axes[4], data)
        _finish(axes, data)
        _save(figure, path)


_STYLE: Any = {
    'font.size': 9.5,
    'axes.edgecolor': '#c9c9c9',
    'axes.labelcolor': MUTED,
    'axes.spines.top': False,
    'axes.spines.right': False,
    'xtick.color': MUTED,
    'ytick.color': MUTED,
    'legend.frameon': False,
}


def _title(summary: 'RunSummary') -> str:
    reached = sum(1 for r in summary.instructions if r.outcome == 'reached')
    parts = [summary.run, summary.robot, f'{summary.duration_s:.0f} s']
    if summary.instructions:
        parts.append(f'{reached} of {len(summary.instructions)} instructions reached')
    for name, count in (('falls', summary.falls), ('collisions', summary.collisions)):
        if count is not None:
            parts.append(f'{name} {count}')
    return '   ·   '.join(parts)


def _seconds(data: RunData, time_ns: Any) -> Any:  # noqa: ANN401 - one time or many
    return (time_ns - data.start_ns) / NS


def _velocity(axes: Axes, data: RunData, column: int, label: str) -> None:
    if len(data.motion):
        time = _seconds(data, data.motion.time_ns)
        axes.plot(
            time, smoothed(data.motion)[:, column], color=_MEASURED, lw=1.4, label='measured'
        )
    if len(data.command):
        time, asked = _seconds(data, data.command.time_ns), data.command.values[:, column]
        axes.step(time, asked, where='post', color=INK, lw=1.0, label='command')
    axes.axhline(0.0, color='#dddddd', lw=0.8, zorder=0)
    axes.set_ylabel(label)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc='upper right', ncols=2, fontsize=8)


def _clearance(axes: Axes, data: RunData, robot: RobotSpec) -> None:
    axes.set_ylabel('clearance  m')
    if data.scans is None:
        return
    near = clearance(data.scans, robot.body)
    time = _seconds(data, data.scans.time_ns)
    axes.fill_between(time, near, color='#e9eef5', lw=0.0)
    axes.plot(time, near, color=_MEASURED, lw=1.2)
    finite = near[np.isfinite(near)]
    axes.set_ylim(0.0, max(0.5, float(np.percentile(finite, 98)) * 1.1) if len(finite) else 1.0)


def _ages(axes: Axes, data: RunData) -> None:
    axes.set_ylabel('age of command  ms')
    received_ns, ages_in_ns = ages_ns(data.timing.get('joint_command'))
    if not len(ages_in_ns):
        return
    ages = ages_in_ns / 1e6
    time = _seconds(data, received_ns)
    axes.scatter(time, ages, s=1.5, color=_MEASURED, alpha=0.25, lw=0, rasterized=True)
    top = float(np.percentile(ages, 99.5))
    axes.axhline(float(np.percentile(ages, 99)), color=INK, lw=0.8, ls=':')
    axes.text(
        1.0,
        float(np.percentile(ages, 99)),
        ' p99',
        transform=axes.get_yaxis_transform(),
        va='center',
        fontsize=8,
        color=MUTED,
    )
    axes.set_ylim(0.0, top * 1.3 + 0.5)


def _states(axes: Axes, data: RunData) -> None:
    policy = [
        (s.values.get('status', ''), s, end) for s, end in with_ends(data.policy, data.end_ns)
    ]
    safety = [(safety_name(s), s, end) for s, end in with_ends(data.safety, data.end_ns)]
    for y, states, colours in ((1.1, policy, _POLICY), (0.0, safety, _SEVERITY)):
        for name, spans in groupby(states, key=lambda state: state[0]):
            parts = list(spans)
            _band(axes, data, name, (parts[0][1].time_ns, parts[-1][2]), colours, y)
    axes.set_yticks((0.45, 1.55), ('safety', 'policy'))
    axes.set_ylim(-0.05, 2.15)
    axes.spines['left'].set_visible(False)
    axes.tick_params(axis='y', length=0)


def _band(
    axes: Axes,
    data: RunData,
    name: str,
    span_ns: tuple[int, int],
    colours: Mapping[str, str],
    y: float,
) -> None:
    start, end = (_seconds(data, time_ns) for time_ns in span_ns)
    axes.broken_barh([(start, end - start)], (y, 0.9), facecolors=colours.get(name, '#e6e6e6'))
    if name not in ('PASS', '') and end - start > _LABELLED * data.duration_s:
        words = f' {name.lower().replace("_", " ")}'
        ink = 'white' if name == 'DAMP' else INK
        axes.text(start, y + 0.42, words, va='center', fontsize=7.5, color=ink, clip_on=True)


def _finish(axes: Sequence[Axes], data: RunData) -> None:
    for axis in axes[:-1]:
        axis.tick_params(labelbottom=False)
        axis.margins(x=0.0)
    number = 0
    for said, end_ns in with_ends(data.instructions, data.end_ns):
        if not said.text:
            continue
        start, end = _seconds(data, said.time_ns), _seconds(data, end_ns)
        colour = PALETTE[number % len(PALETTE)]
        number += 1
        for axis in axes[:-1]:
            axis.axvspan(start, end, color=colour, alpha=0.07, lw=0, zorder=0)
            axis.axvline(start, color=colour, lw=0.9, alpha=0.7, zorder=0)
        axes[0].text(
            start,
            1.02,
            f' {number}',
            transform=axes[0].get_xaxis_transform(),
            color=colour,
            fontsize=10,
            weight='bold',
        )
    axes[0].set_xlim(0.0, max(data.duration_s, 0.1))
    axes[-1].set_xlabel('s')


def _save(figure: Figure, path: Path) -> None:
    try:
        figure.savefig(path, dpi=110, facecolor='white')
    finally:
        plt.close(figure)
