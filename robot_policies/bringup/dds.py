# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The DDS profile with room for images, made to fit where shared memory is scarce."""

from pathlib import Path
import re

from robot_policies.bringup.shared_memory import SHARED_MEMORY
from robot_policies.core.errors import ConfigError
from robot_policies.resources import share_dir

ANYWHERE, LOCAL, CONTROL = 'fastdds', 'local', 'control'
"""Profiles: in a network; on this machine only; the same without shared memory."""
OVERHEAD = 1 << 20
"""Bytes that a participant takes beside its segment, for its ports."""
SMALLEST_SEGMENT = 1 << 20
"""Holds four colour images of 320 x 240."""
_SEGMENT = re.compile(r'(?<=<segment_size>)\d+(?=</segment_size>)')
_MESSAGE = re.compile(r'(?<=<maxMessageSize>)\d+(?=</maxMessageSize>)')


def shipped_profile(name: str) -> Path:
    """Return the file of a profile."""
    return share_dir() / 'config' / 'dds' / f'{name}.xml'


def segment_size(profile: str) -> int:
    """Return the bytes of the shared-memory segment in a profile."""
    match = _SEGMENT.search(profile)
    if match is None:
        raise ConfigError('DDS profile', ['it has no segment_size'])
    return int(match[0])


def taken_by(segment: int) -> int:
    """Return the bytes that a segment of `segment` bytes takes."""
    return segment * 19 // 18


def fit_profile(profile: str, free: int, participants: int) -> str:
    """Return the profile with a segment that every participant can have.

    A segment that does not fit is worse than a small one: the participant is then left without
    shared memory, which the others still use to reach it.

    Args:
        profile: The shipped XML.
        free: Free bytes of shared memory.
        participants: How many processes will take a segment.

    Raises:
        ConfigError: Not even small segments fit.
    """
    wanted = segment_size(profile)
    # a quarter stays for others; a segment takes 5 % more than its size
    share = free * 3 // 4 // max(participants, 1) - OVERHEAD
    if share >= taken_by(wanted):
        return profile
    fitting = (share * 9 // 10) >> 19 << 19
    if fitting < SMALLEST_SEGMENT:
        needed = participants * (taken_by(SMALLEST_SEGMENT) + OVERHEAD) * 4 // 3
        raise ConfigError(
            str(SHARED_MEMORY),
            [
                f'{free >> 20} MiB are free, {participants} processes need {needed >> 20} MiB; '
                'enlarge it (mount -o remount,size=1g /dev/shm, or docker run --shm-size=1g)'
            ],
        )
    profile = _SEGMENT.sub(str(fitting), profile)
    return _MESSAGE.sub(str(min(fitting, int(_MESSAGE.findall(profile)[0]))), profile)
