# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Start a stack as processes, watch it, and end it: for machines with or without `ros2 launch`."""

from collections.abc import Callable, Sequence
import os

from robot_policies.bringup.plan import parse_assignments
from robot_policies.bringup.prepare import prepare_stack
from robot_policies.bringup.processes import StackProcesses
from robot_policies.bringup.run_report import report_run
from robot_policies.bringup.session import session_priority, wanted_nice
from robot_policies.bringup.stop_requests import StopRequests


def run_stack(
    name: str,
    assignments: Sequence[str],
    say: Callable[[str], None],
    *,
    die_with_parent: bool = False,
) -> int:
    """Start a stack and return when it has ended.

    Args:
        name: Shipped name of the stack, or path to its YAML.
        assignments: `key:=value` words.
        say: Takes one line for the user.
        die_with_parent: End when the process that started this one ends or is interrupted.

    Returns:
        Exit status: 0 if it ended as asked, 1 if a node died, 2 if one could not start.

    Raises:
        RobotPoliciesError: Something that was given is wrong. Nothing has been started then.
    """
    stop = StopRequests()
    stop.listen()
    if die_with_parent:
        stop.follow_parent()
    prepared = prepare_stack(name, parse_assignments(assignments), say)
    plan, run_dir = prepared.plan, prepared.run_dir
    say(f'starting {plan.stack}: {", ".join(node.name for node in plan.nodes)}; logs in {run_dir}')
    processes = StackProcesses(plan, run_dir, say)
    try:
        with session_priority(wanted_nice(plan)):
            processes.start({**os.environ, **prepared.environment})
            processes.watch(stop, float(str(plan.arguments['duration'])))
    finally:
        say('ending …')
        processes.stop(stop)
        prepared.claim.release()
    report_run(run_dir, say, lambda: stop.count)
    say(f'ended; the run is in {run_dir}')
    return processes.status
