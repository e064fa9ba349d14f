# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Plots of the results page, each from the JSON file of its table."""

from collections.abc import Callable, Mapping
import json
from pathlib import Path
from typing import Any

import numpy as np
from robot_policies.evaluation import chunking_plot
from robot_policies.evaluation.soak_growth import SERIES, WARM_UP_S

Content = Mapping[str, Any]
_PANELS = (
    ('success_rate', 'ci95', 'success rate'),
    ('collision_rate', 'collision_rate_ci95', 'episodes with contact'),
    ('time_change_s', 'time_change_s_ci95', 'longer than without, s'),
    ('interventions_per_min', 'interventions_per_min_ci95', 'interventions per minute'),
)


def has_plot(content: Content) -> bool:
    """Return whether there is a plot for what a JSON file holds."""
    return content.get('benchmark') in _PLOTS


def write_plots(folder: Path, images: Path) -> None:
    """Write `<name>.png` for every `<name>.json` that has a plot."""
    images.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.glob('*.json')):
        content = json.loads(path.read_text(encoding='utf-8'))
        if has_plot(content):
            figure = _PLOTS[content['benchmark']](content)
            figure.savefig(images / f'{path.stem}.png', dpi=100, metadata={'Software': None})


def _figure(columns: int) -> tuple[Any, Any]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3.2 * columns, 3.4), layout='constrained')
    FigureCanvasAgg(figure)
    return figure, figure.subplots(1, columns, squeeze=False)[0]


def _cost(content: Content) -> Any:  # noqa: ANN401
    trials = content['trials']
    figure, axes = _figure(len(_PANELS))
    for axis, (key, interval, title) in zip(axes, _PANELS, strict=True):
        for place, numbers in enumerate(trials.values()):
            if numbers[key] is None:
                continue
            low, high = numbers[interval]
            axis.plot([low, high], [place, place], color='0.6', linewidth=3)
            axis.plot(numbers[key], place, 'o', color='C0')
        axis.set_title(title, fontsize=9)
        axis.set_yticks(range(len(trials)), trials if axis is axes[0] else [''] * len(trials))
        axis.invert_yaxis()
        axis.grid(axis='x', alpha=0.3)
    return figure


def _roc(content: Content) -> Any:  # noqa: ANN401
    figure, (axis,) = _figure(1)
    for name, points in content['curves'].items():
        x, y = zip(*points, strict=True)
        axis.plot(
            x, y, drawstyle='steps-post', label=f'{name} {content["trials"][name]["auc"]:.2f}'
        )
    axis.plot([0, 1], [0, 1], color='0.8', linewidth=1)
    axis.set_xlabel('share of nominal episodes with alarm')
    axis.set_ylabel('share of these with alarm')
    axis.legend(title='area', fontsize=7, loc='lower right')
    return figure


def _soak(content: Content) -> Any:  # noqa: ANN401
    figure, (axis,) = _figure(1)
    figure.set_size_inches(7.0, 3.4)
    for name, points in content[SERIES].items():
        minutes, memory = np.array(points).T
        first = memory[minutes >= WARM_UP_S / 60.0][:1]
        axis.plot(minutes, memory - (first if len(first) else memory[0]), label=name)
    axis.axvspan(0.0, WARM_UP_S / 60.0, color='0.9', label='warming up')
    axis.set_xlabel('minutes')
    axis.set_ylabel('memory since it is warm, MB')
    axis.grid(alpha=0.3)
    axis.legend(fontsize=7, ncols=2)
    return figure


_PLOTS: Mapping[str, Callable[[Content], Any]] = {
    'go2_chunking': chunking_plot.draw,
    'go2_safety_cost': _cost,
    'go2_novelty': _roc,
    'soak': _soak,
}
