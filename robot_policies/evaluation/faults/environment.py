# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the suite's own process finds in its environment."""

from collections.abc import Iterator
from contextlib import contextmanager
import os
import sys

from robot_policies.bringup.prepare import local_environment
from robot_policies.ros.priority import SWITCH_S


@contextmanager
def environment() -> Iterator[None]:
    """Give this process what every process of a stack has, for its own part in it."""
    before, switch_s = dict(os.environ), sys.getswitchinterval()
    os.environ.update(local_environment())
    sys.setswitchinterval(SWITCH_S)  # or who waits for a reaction delays who steers
    try:
        yield
    finally:
        sys.setswitchinterval(switch_s)
        os.environ.clear()
        os.environ.update(before)
