# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What every process of a stack finds in its environment, whichever way it is started."""

from collections.abc import Mapping

THREAD_VARIABLES = ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS')
PROFILE_VARIABLES = ('FASTRTPS_DEFAULT_PROFILES_FILE', 'FASTDDS_DEFAULT_PROFILES_FILE')
"""Fast DDS 2 (Jazzy) and Fast DDS 3 look for different names."""
_RANGE, _HERE, _AS_IN_PROFILE = 'ROS_AUTOMATIC_DISCOVERY_RANGE', 'LOCALHOST', 'SYSTEM_DEFAULT'
_FAST_DDS = 'rmw_fastrtps_cpp'
LOCAL_ONLY: Mapping[str, str] = {_RANGE: _HERE}


def node_environment(
    inherited: Mapping[str, str], stack: Mapping[str, str], dds_profile: str, local_profile: str
) -> dict[str, str]:
    """Return what is set on top of the inherited environment.

    What the user has set already is left alone.

    Args:
        inherited: The starter's environment.
        stack: What the stack wants.
        dds_profile: Path of the Fast DDS profile.
        local_profile: Path of the one that says that processes are found on this machine only.
            Where that is wanted it takes the place of ROS's discovery range.
    """
    defaults = {
        # Nodes are many and cores are few: a second thread per matrix only takes turns.
        **dict.fromkeys(THREAD_VARIABLES, '1'),
        'MUJOCO_GL': 'egl',
        'RMW_IMPLEMENTATION': _FAST_DDS,
        **dict.fromkeys(PROFILE_VARIABLES, dds_profile),
        'RCUTILS_COLORIZED_OUTPUT': '0',
        'PYTHONUNBUFFERED': '1',
        **stack,
    }
    env = {key: inherited.get(key) or value for key, value in defaults.items()}
    chosen_here = all(env[name] == dds_profile for name in PROFILE_VARIABLES)
    if env['RMW_IMPLEMENTATION'] == _FAST_DDS and env.get(_RANGE) == _HERE and chosen_here:
        env |= {_RANGE: _AS_IN_PROFILE, **dict.fromkeys(PROFILE_VARIABLES, local_profile)}
    return env
