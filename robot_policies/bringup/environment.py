# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What every process of a stack finds in its environment, whichever way it is started."""

from collections.abc import Mapping

THREAD_VARIABLES = ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS')
PROFILE_VARIABLES = ('FASTRTPS_DEFAULT_PROFILES_FILE', 'FASTDDS_DEFAULT_PROFILES_FILE')
"""Fast DDS 2 (Jazzy) and Fast DDS 3 look for different names."""
LOCAL_ONLY: Mapping[str, str] = {'ROS_AUTOMATIC_DISCOVERY_RANGE': 'LOCALHOST'}


def node_environment(
    inherited: Mapping[str, str], stack: Mapping[str, str], dds_profile: str
) -> dict[str, str]:
    """Return what is set on top of the inherited environment.

    What the user has set already is left alone.

    Args:
        inherited: The starter's environment.
        stack: What the stack wants.
        dds_profile: Path of the Fast DDS profile.
    """
    defaults = {
        # Nodes are many and cores are few: a second thread per matrix only takes turns.
        **dict.fromkeys(THREAD_VARIABLES, '1'),
        'MUJOCO_GL': 'egl',
        'RMW_IMPLEMENTATION': 'rmw_fastrtps_cpp',
        **dict.fromkeys(PROFILE_VARIABLES, dds_profile),
        'RCUTILS_COLORIZED_OUTPUT': '0',
        'PYTHONUNBUFFERED': '1',
        **stack,
    }
    return {key: inherited.get(key) or value for key, value in defaults.items()}
