# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies rules [RUN_DIR]`."""

import argparse
from pathlib import Path

from robot_policies.cli.report import write_json

HELP = 'judge a recorded run by rules over time; exit status 1 if one was broken'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may be typed."""
    parser.add_argument(
        'run_dir',
        type=Path,
        nargs='?',
        metavar='RUN_DIR',
        help='folder with recording.mcap; default: the newest one below runs/',
    )
    parser.add_argument('--rules', default='go2', help='shipped name, or path of a YAML')
    parser.add_argument('--robot', default='go2', help='shipped name, or path of a YAML')
    parser.add_argument('--json', type=Path, metavar='FILE', help='write the result there')


def run(options: argparse.Namespace) -> int:
    """Judge, print, and write the JSON."""
    from robot_policies.data.run_folder import latest, RECORDING
    from robot_policies.evaluation.recorded_rules import judge_recording
    from robot_policies.resources import load_robot, load_rules

    path = (options.run_dir or latest()) / RECORDING
    result = judge_recording(path, load_rules(options.rules), load_robot(options.robot))
    print(f'{path}: {result["instants"]} instants, {len(result["violations"])} violations')
    for violation in result['violations']:
        print(f'  {violation["at_s"]} s: {violation["rule"]}')
    write_json(result, options.json)
    return 1 if result['violations'] else 0
