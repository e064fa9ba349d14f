# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Topics of a recording under the names that the suite declares."""

from collections.abc import Callable, Mapping


def recorded_names(metadata: Mapping[str, str]) -> Callable[[str], str]:
    """Return what gives a recorded topic's declared name, whatever namespace or remapping it had.

    Args:
        metadata: Of the recording, see `mcap_reader.read_metadata`.
    """
    namespace = metadata.get('namespace', '/').rstrip('/') + '/'
    remapped = {
        key.removeprefix('remapped.'): name
        for key, name in metadata.items()
        if key.startswith('remapped.')
    }

    def name_of(topic: str) -> str:
        shared = topic == '/diagnostics'
        return remapped.get(topic, topic if shared else topic.removeprefix(namespace))

    return name_of
