# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies env`: what other ROS tools need beside a running stack."""

import argparse
import shlex

from robot_policies.bringup.prepare import local_environment

HELP = 'print what the shell needs for other ROS tools: eval "$(robot-policies env)"'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing may be typed."""


def run(options: argparse.Namespace) -> int:
    """Print one `export` for each variable."""
    del options
    wanted = ('RMW_', 'ROS_', 'FAST')
    for name, value in local_environment().items():
        if name.startswith(wanted):
            print(f'export {name}={shlex.quote(value)}')
    return 0
