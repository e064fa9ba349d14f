# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a run shows of itself."""

import io
from pathlib import Path

from robot_policies.training.progress import plot_curve, Progress


def test_line_says_how_far_it_is_and_how_long_it_takes(tmp_path: Path) -> None:
    stream = io.StringIO()
    Progress(tmp_path, 10, stream).report(4, 120.0, {'steps': 4.0, 'error': 0.25})
    line = stream.getvalue()
    assert ' 40 %' in line
    assert '2:00 gone, 3:00 to go' in line
    assert 'error 0.25' in line


def test_resumed_run_drops_the_lines_that_it_does_again(tmp_path: Path) -> None:
    progress = Progress(tmp_path, 10, io.StringIO())
    for iteration in range(1, 6):
        progress.report(iteration, float(iteration), {'steps': float(iteration)})
    again = Progress(tmp_path, 10, io.StringIO())
    again.forget_after(3)
    assert [row['iteration'] for row in again.rows()] == [1, 2, 3]


def test_curve_is_drawn_whole_or_not_at_all(tmp_path: Path) -> None:
    rows = [{'steps': 1.0, 'error': 0.5}, {'steps': 2.0, 'error': 0.25}]
    plot_curve(rows, [('error',)], tmp_path / 'curve.png')
    assert [path.name for path in tmp_path.iterdir()] == ['curve.png']
    assert (tmp_path / 'curve.png').read_bytes().startswith(b'\x89PNG')
