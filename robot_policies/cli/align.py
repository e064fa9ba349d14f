# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies align RECORDING`."""

import argparse
from pathlib import Path

from robot_policies.cli.report import print_result, write_json

HELP = 'put together again what a policy saw in a recorded run, and say how old it was'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may be typed."""
    parser.add_argument(
        'recording',
        type=Path,
        nargs='?',
        metavar='RECORDING',
        help='an MCAP, or the folder of a run; default: the newest one below runs/',
    )
    parser.add_argument('--json', type=Path, metavar='FILE', help='write the result there')


def run(options: argparse.Namespace) -> int:
    """Align, print, and write the JSON."""
    from robot_policies.data.run_folder import recording_in
    from robot_policies.evaluation.alignment_report import alignment_report

    result = alignment_report(recording_in(options.recording))
    write_json(result, options.json)
    print_result(result)
    return 0
