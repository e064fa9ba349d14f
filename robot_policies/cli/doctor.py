# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies doctor`."""

import argparse

HELP = 'say what is installed, what is missing, and what to type'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may be typed: nothing."""


def run(options: argparse.Namespace) -> int:
    """Examine, and print one line each."""
    from robot_policies.cli.examinations import examine

    findings = list(examine())
    for finding in findings:
        mark = 'ok     ' if finding.good else 'MISSING' if finding.needed else 'absent '
        print(f'{mark} {finding.what}: {finding.found}')
        if not finding.good and finding.remedy:
            print(f'        to mend it: {finding.remedy}')
    return 0 if all(f.good or not f.needed for f in findings) else 1
