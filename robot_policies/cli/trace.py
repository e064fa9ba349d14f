# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`robot-policies trace [--stack S] [--duration D | --recording FILE] [--out FILE]`."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from robot_policies.cli.report import write_json
from robot_policies.core.errors import ConfigError
from robot_policies.core.trace import Span

HELP = 'show where the time goes between sensors and motors, as a table and a Perfetto trace'
_DEFAULTS = ('operator:=true', 'record:=false')
"""Somebody has to give instructions, or no policy is asked."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what may be typed."""
    parser.add_argument(
        '--stack', metavar='S', help='start this stack; by default one that runs is listened to'
    )
    parser.add_argument(
        'assignments', nargs='*', metavar='key:=value', help='argument of the stack to start'
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        '--duration', type=float, default=10.0, metavar='D', help='seconds to listen (10)'
    )
    source.add_argument(
        '--recording', type=Path, metavar='FILE', help='an MCAP, or the folder of a run, instead'
    )
    parser.add_argument('--namespace', default='', help='of the robot to listen to')
    parser.add_argument(
        '--out', type=Path, metavar='FILE', help='write trace events, for ui.perfetto.dev'
    )


def run(options: argparse.Namespace) -> int:
    """Listen or read, print the table, and write the trace; 1 if there was nothing to trace."""
    from robot_policies.core.trace_events import trace_events
    from robot_policies.evaluation.trace_report import report

    spans = _spans(options)
    for line in report(spans):
        print(line)
    write_json(trace_events(spans), options.out)
    if options.out is not None:
        print(f'\n{options.out}: open it at https://ui.perfetto.dev')
    return 0 if spans else 1


def _spans(options: argparse.Namespace) -> Sequence[Span]:
    if options.recording is not None:
        if options.stack or options.assignments:
            raise ConfigError('trace', ['either a recording or a stack, not both'])
        from robot_policies.data.run_folder import recording_in
        from robot_policies.data.trace_reader import read_spans

        return list(read_spans(recording_in(options.recording)))
    from robot_policies.ros.trace_listener import listen

    if not options.stack:
        return listen(options.duration, options.namespace)
    from robot_policies.bringup.background import background_stack
    from robot_policies.bringup.stack import load_stack

    known = {argument.name for argument in load_stack(options.stack).arguments}
    given = [word for word in _DEFAULTS if word.partition(':=')[0] in known]
    words = [*given, *options.assignments]
    chosen = {word.partition(':=')[0]: word for word in words}
    with background_stack(options.stack, list(chosen.values()), print):
        return listen(options.duration, options.namespace)
