# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a training run shows of itself: a live line, a log and a picture of the learning curve."""

from collections.abc import Mapping, Sequence
import json
from pathlib import Path
import sys
from typing import TextIO


class Progress:
    """Prints one line per report and keeps them all in `curve.jsonl`."""

    def __init__(self, folder: Path, total: int, stream: TextIO = sys.stdout) -> None:
        """Create it.

        Args:
            folder: Where `curve.jsonl` lies; lines of an earlier part of the run are kept.
            total: Number of iterations of the whole run, as far as it is known.
            stream: Where the live line goes; rewritten in place on a terminal.
        """
        self._path = folder / 'curve.jsonl'
        self.total = total
        self._stream = stream

    def forget_after(self, iteration: int) -> None:
        """Drop the lines of iterations that a resumed run does again."""
        kept = [row for row in self.rows() if row['iteration'] <= iteration]
        text = ''.join(json.dumps(row) + '\n' for row in kept)
        self._path.write_text(text, encoding='utf-8')

    def rows(self) -> list[dict[str, float]]:
        """Return all reports so far."""
        if not self._path.exists():
            return []
        lines = self._path.read_text(encoding='utf-8').splitlines()
        return [json.loads(line) for line in lines]

    def report(self, iteration: int, elapsed_s: float, values: Mapping[str, float]) -> None:
        """Show and keep the numbers of one iteration (counted from 1)."""
        row = {'iteration': iteration, 'elapsed_s': round(elapsed_s, 1)}
        row.update({name: round(float(value), 5) for name, value in values.items()})
        with self._path.open('a', encoding='utf-8') as log:
            log.write(json.dumps(row) + '\n')
        left_s = elapsed_s / iteration * (self.total - iteration)
        shown = '  '.join(f'{name} {value:.3g}' for name, value in values.items())
        line = (
            f'{100 * iteration // self.total:3d} %  {_clock(elapsed_s)} gone, '
            f'{_clock(left_s)} to go  {shown}'
        )
        end = '\r' if self._stream.isatty() and iteration < self.total else '\n'
        print(line.ljust(110), end=end, file=self._stream, flush=True)


def plot_curve(
    rows: Sequence[Mapping[str, float]], groups: Sequence[Sequence[str]], path: Path
) -> None:
    """Draw numbers of `Progress.rows` over the steps, one panel per group of names."""
    import matplotlib as mpl

    mpl.use('Agg')
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(
        len(groups), 1, figsize=(7, 2.4 * len(groups)), sharex=True, squeeze=False
    )
    steps = [row['steps'] for row in rows]
    for axis, names in zip(axes[:, 0], groups, strict=True):
        for name in names:
            axis.plot(steps, [row[name] for row in rows], label=name, linewidth=1.2)
        axis.legend(fontsize=8)
        axis.grid(alpha=0.3)
    axes[-1, 0].set_xlabel('steps')
    figure.tight_layout()
    partial = path.with_suffix('.partial.png')
    figure.savefig(partial, dpi=110)
    plt.close(figure)
    partial.replace(path)


def _clock(seconds: float) -> str:
    return f'{int(seconds) // 60}:{int(seconds) % 60:02d}'
