# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Read a recording in the order it was written, whole or cut short."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
import struct
from typing import Any

from mcap.records import Channel, Message, Metadata, Schema
from mcap.stream_reader import StreamReader
from robot_policies.data.mcap_repair import DAMAGED
from robot_policies.data.message_definitions import learn, typestore

_STAMP = struct.Struct('<iI')
_ENCAPSULATION = 4
"""Bytes before the first field of a CDR message."""


@dataclass(frozen=True, slots=True)
class RecordedMessage:
    """One message as it stands in the file.

    Attributes:
        topic: Full name.
        type_name: E.g. `sensor_msgs/msg/Image`.
        log_ns: When it was received.
        publish_ns: When it was published.
        data: Serialised.
    """

    topic: str
    type_name: str
    log_ns: int
    publish_ns: int
    data: bytes

    def decode(self) -> Any:  # noqa: ANN401 - the class of the message type
        """Return the message, with the field names of its type."""
        return typestore().deserialize_cdr(self.data, self.type_name)

    @property
    def stamp_ns(self) -> int:
        """The header's stamp, without decoding the rest. Only for types that begin with one."""
        sec, nanosec = _STAMP.unpack_from(self.data, _ENCAPSULATION)
        return int(sec) * 1_000_000_000 + int(nanosec)


def read(
    path: Path, *, wanted: Callable[[str], bool] = lambda topic: True
) -> Iterator[RecordedMessage]:
    """Yield the messages of a recording; of one that was cut short, all whole chunks.

    Args:
        path: The MCAP.
        wanted: Says of a topic whether its messages are yielded.
    """
    schemas: dict[int, str] = {}
    channels: dict[int, tuple[str, str]] = {}
    for record in _records(path):
        if isinstance(record, Schema):
            schemas[record.id] = record.name
            learn(record.name, record.data.decode())
        elif isinstance(record, Channel) and wanted(record.topic):
            channels[record.id] = (record.topic, schemas[record.schema_id])
        elif isinstance(record, Message) and record.channel_id in channels:
            topic, type_name = channels[record.channel_id]
            yield RecordedMessage(
                topic, type_name, record.log_time, record.publish_time, record.data
            )


def read_metadata(path: Path) -> dict[str, str]:
    """Return what `McapFile` was told about the run; empty if nothing."""
    for record in _records(path):
        if isinstance(record, Metadata) and record.name == 'robot_policies':
            return dict(record.metadata)
        if isinstance(record, Message):
            break  # it stands before the first message
    return {}


def _records(path: Path) -> Iterator[Any]:
    with open(path, 'rb') as file:
        try:
            yield from StreamReader(file).records
        except DAMAGED:
            return  # everything before the damage has been yielded
