# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the suite's own process finds in its environment."""

from collections.abc import Iterator
from contextlib import contextmanager
import os

from robot_policies.bringup.prepare import local_environment


@contextmanager
def environment() -> Iterator[None]:
    """Give this process what every process of a stack has, for its own part in it."""
    before = dict(os.environ)
    os.environ.update(local_environment())
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
