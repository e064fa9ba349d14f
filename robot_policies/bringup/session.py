# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The priority of a whole session among the others of a machine."""

from collections.abc import Iterator
import contextlib
from pathlib import Path

from robot_policies.bringup.command import lowest_nice
from robot_policies.bringup.plan import Plan

GROUP = Path('/proc/self/autogroup')
"""Linux shares the processor among sessions first: nice values of processes count only within."""


def wanted_nice(plan: Plan) -> int:
    """Return the nice value for the session of a stack: that of its most urgent process."""
    return min((node.nice for node in plan.nodes), default=0)


@contextlib.contextmanager
def session_priority(nice: int, group: Path = GROUP) -> Iterator[bool]:
    """Let this session come before the others while the context lasts.

    Without it a compiler in another terminal gets as much of the processor as all the control
    loops of a stack together. Like every nice value below 0 it takes a right; without that, or
    where sessions are not weighed, nothing happens.

    Args:
        nice: For the session; nothing is done from 0 on.
        group: File of the session's group.

    Yields:
        True if the session comes first now.
    """
    before = nice_of_session(group)
    raised = nice < 0 and nice >= lowest_nice() and before is not None and _set(group, nice)
    try:
        yield raised
    finally:
        if raised and before is not None:
            _set(group, before)


def nice_of_session(group: Path) -> int | None:
    """Return the nice value of a session, or None where Linux does not weigh sessions.

    The file may be there and empty: a process without a session of its own has no group.

    Args:
        group: File of the session's group, as `/proc/<process>/autogroup`.
    """
    try:
        return int(group.read_text(encoding='ascii').split()[-1])
    except (OSError, ValueError, IndexError):
        return None


def _set(group: Path, nice: int) -> bool:
    try:
        group.write_text(str(nice), encoding='ascii')
    except OSError:
        return False
    return True
