# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The learning curve of `go2_instruction` as a picture."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

_PANELS = (
    ('seeing', ('loss',)),
    ('seeing', ('found', 'imagined')),
    ('driving', ('loss',)),
    ('driving', ('arrived', 'collided')),
)


def draw_curve(rows: Sequence[dict[str, Any]], path: Path) -> None:
    """Draw what the log holds, one panel per stage and kind of number.

    Args:
        rows: The log.
        path: PNG to write.
    """
    import matplotlib as mpl

    mpl.use('Agg')
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 2, figsize=(9, 5))
    for axis, (stage, names) in zip(axes.flat, _PANELS, strict=True):
        chosen = [row for row in rows if row['stage'] == stage]
        minutes = [row['elapsed_s'] / 60.0 for row in chosen]
        for name in names:
            axis.plot(minutes, [row[name] for row in chosen], marker='o', ms=3, label=name)
        axis.set_title(stage, fontsize=9)
        axis.set_xlabel('minutes', fontsize=8)
        axis.legend(fontsize=8)
        axis.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, dpi=90)
    plt.close(figure)
