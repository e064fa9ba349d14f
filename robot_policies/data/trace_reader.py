# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the nodes of a recorded run told of causes."""

from collections.abc import Iterator
from pathlib import Path

from robot_policies.core.trace import Span
from robot_policies.data.mcap_reader import read, read_metadata
from robot_policies.data.topic_names import recorded_names
from robot_policies.ros.codecs.trace import spans_from_text

TRACE = 'trace'


def read_spans(path: Path) -> Iterator[Span]:
    """Yield the spans of a recording in the order in which they were told.

    Args:
        path: The MCAP.
    """
    name_of = recorded_names(read_metadata(path))
    for message in read(path, wanted=lambda topic: name_of(topic) == TRACE):
        yield from spans_from_text(message.decode().data)
