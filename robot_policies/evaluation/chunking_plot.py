# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Success and smoothness of each scheduler over the delay, as a picture."""

from collections.abc import Mapping
from typing import Any


def draw(content: Mapping[str, Any]) -> Any:  # noqa: ANN401
    """Return a figure of the rows of a `go2_chunking` result."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.0, 3.2), layout='constrained')
    FigureCanvasAgg(figure)
    success, jerk = figure.subplots(1, 2)
    names = list(dict.fromkeys(row['scheduler'] for row in content['rows']))
    for k, name in enumerate(names):
        rows = [row for row in content['rows'] if row['scheduler'] == name]
        # side by side, so that no interval hides another one
        delays_ms = [row['delay_ms'] + 5.0 * (k - (len(names) - 1) / 2.0) for row in rows]
        rates = [100.0 * row['success_rate'] for row in rows]
        below = [rate - 100.0 * row['ci95'][0] for rate, row in zip(rates, rows, strict=True)]
        above = [100.0 * row['ci95'][1] - rate for rate, row in zip(rates, rows, strict=True)]
        success.errorbar(delays_ms, rates, (below, above), marker='o', capsize=3, label=name)
        jerk.plot(delays_ms, [row['jerk_rms_m_s3'] for row in rows], marker='o', label=name)
    success.set(xlabel='inference delay, ms', ylabel='success, % (95 % interval)', ylim=(-3, 103))
    jerk.set(xlabel='inference delay, ms', ylabel='jerk RMS, m/s³')
    jerk.set_ylim(0.0, 1.1 * max(row['jerk_rms_m_s3'] for row in content['rows']))
    for axes in (success, jerk):
        axes.grid(alpha=0.3)
    success.legend(fontsize='small', loc='lower left')
    return figure
