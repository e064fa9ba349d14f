# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies summary [RUN_DIR]`."""

import argparse
from pathlib import Path

HELP = 'summarise a recorded run: numbers, a picture, a short film'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may be typed."""
    parser.add_argument(
        'run_dir',
        type=Path,
        nargs='?',
        metavar='RUN_DIR',
        help='folder with recording.mcap; default: the newest one below runs/',
    )
    parser.add_argument('--no-film', action='store_true', help='leave out the film')


def run(options: argparse.Namespace) -> int:
    """Summarise, write beside the recording, and print."""
    from robot_policies.data.run_folder import latest
    from robot_policies.evaluation.run_summary import summarize

    print(summarize(options.run_dir or latest(), film=not options.no_film))
    return 0
