# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the suite's own process finds in its environment."""

from collections.abc import Iterator
from contextlib import contextmanager
import os

from robot_policies.resources import share_dir

_ENVIRONMENT = {
    'ROS_AUTOMATIC_DISCOVERY_RANGE': 'LOCALHOST',
    'RMW_IMPLEMENTATION': 'rmw_fastrtps_cpp',
}
_PROFILES = ('FASTRTPS_DEFAULT_PROFILES_FILE', 'FASTDDS_DEFAULT_PROFILES_FILE')


@contextmanager
def environment() -> Iterator[None]:
    """Give this process what every process of a stack has, for its own part in it."""
    before = dict(os.environ)
    profile = str(share_dir() / 'config' / 'dds' / 'fastdds.xml')
    os.environ.update(_ENVIRONMENT | dict.fromkeys(_PROFILES, profile))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
