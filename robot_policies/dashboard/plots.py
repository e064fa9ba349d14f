# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The plots of commanded against measured velocity."""

import numpy as np
from robot_policies.dashboard import markup
from robot_policies.dashboard.velocity_log import FIELDS, VelocityLog
import viser

_TITLES = {'vx': 'forward, m/s', 'vy': 'left, m/s', 'yaw_rate': 'turn, rad/s'}
_COMMAND, _MEASURED = '#ffa94d', '#4dabf7'
_INK = '#868e96'
_GRID = viser.uplot.Axis_Grid(stroke='#2c2f36')
_HEIGHT_PX = 112


class VelocityPlots:
    """One plot per component, put where the GUI is being built."""

    def __init__(self, gui: viser.GuiApi, window_s: float) -> None:
        """Build them.

        Args:
            gui: The page.
            window_s: How far they reach back.
        """
        gui.add_html(markup.legend((('command', _COMMAND), ('measured', _MEASURED))))
        self._plots = {field: _add(gui, _TITLES[field], window_s) for field in FIELDS}

    def show(self, log: VelocityLog) -> None:
        """Show what the log holds."""
        for field, plot in self._plots.items():
            plot.data = log.series(field)


def _add(gui: viser.GuiApi, title: str, window_s: float) -> viser.GuiUplotHandle:
    none = np.zeros(0)
    return gui.add_uplot(
        (none, none, none),
        (
            viser.uplot.Series(label='s'),
            viser.uplot.Series(label='command', stroke=_COMMAND, width=2),
            viser.uplot.Series(label='measured', stroke=_MEASURED, width=2),
        ),
        title=title,
        scales={'x': viser.uplot.Scale(time=False, range=(-window_s, 0.0))},
        axes=(
            viser.uplot.Axis(stroke=_INK, grid=_GRID, size=28),
            viser.uplot.Axis(stroke=_INK, grid=_GRID, size=44),
        ),
        legend=viser.uplot.Legend(show=False),
        height=_HEIGHT_PX,
    )
