# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""An MCAP file under construction whose finished part survives whatever happens next."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from mcap.writer import CompressionType, Writer
from robot_policies.data import mcap_repair
from robot_policies.data.message_definitions import definition, type_hash
from robot_policies.data.packed_indexes import pack_indexes

COMPRESSIONS = {
    'none': CompressionType.NONE,
    'lz4': CompressionType.LZ4,
    'zstd': CompressionType.ZSTD,
}
# chunks are closed by time (`flush`); this only bounds the memory between two flushes
_CHUNK_BYTES = 32 * 1024 * 1024
_NO_DURATION = {'sec': 9223372036, 'nsec': 854775807}


class McapFile:
    """Writes CDR messages with the profile of ROS 2, for Foxglove, ros2 bag and rosbags alike.

    Every method that writes raises `OSError` when the disk is full or gone. After that only
    `abandon` is allowed, which keeps everything up to the last whole chunk.
    """

    def __init__(
        self, path: Path, *, compression: str = 'zstd', metadata: Mapping[str, str] | None = None
    ) -> None:
        """Create the file.

        Args:
            path: Where; an existing file is never overwritten.
            compression: One of `COMPRESSIONS`.
            metadata: About the run, kept in the file as the record `robot_policies`.

        Raises:
            OSError: The file exists or cannot be created.
        """
        self.path = path
        self._stream = _WholeWrites(path)
        # zstd's default level costs about 1 % of a core at the demo's camera rate
        self._writer = Writer(
            cast(Any, self._stream),
            chunk_size=_CHUNK_BYTES,
            compression=COMPRESSIONS[compression],
        )
        pack_indexes(self._writer)
        self._writer.start(profile='ros2')
        self._schemas: dict[str, int] = {}
        self._channels: dict[str, int] = {}
        if metadata:
            self._writer.add_metadata('robot_policies', dict(metadata))

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self._stream.tell()

    def add_topic(self, topic: str, type_name: str, *, reliable: bool, latched: bool) -> None:
        """Announce a topic before its first message.

        Args:
            topic: Full name.
            type_name: E.g. `sensor_msgs/msg/Image`.
            reliable: Reliability that its publisher offers; a player offers the same.
            latched: Transient local durability, likewise.

        Raises:
            UnknownMessageTypeError: There is no definition of the type.
        """
        if type_name not in self._schemas:
            text = definition(type_name).encode()
            self._schemas[type_name] = self._writer.register_schema(type_name, 'ros2msg', text)
        self._channels[topic] = self._writer.register_channel(
            topic,
            'cdr',
            self._schemas[type_name],
            {
                'offered_qos_profiles': offered_qos(reliable=reliable, latched=latched),
                'topic_type_hash': type_hash(type_name),
            },
        )

    def add(self, topic: str, log_ns: int, publish_ns: int, data: bytes) -> None:
        """Append a serialised message; it reaches the disk with the next `flush`.

        Args:
            topic: A topic given to `add_topic`.
            log_ns: When it was received.
            publish_ns: When it was published.
            data: CDR with its encapsulation header.
        """
        self._writer.add_message(self._channels[topic], log_ns, data, publish_ns)

    def flush(self) -> None:
        """Close the chunk and hand it to the operating system: a kill cannot take it back."""
        self._writer.flush()  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Write the index and close."""
        self._writer.finish()  # type: ignore[no-untyped-call]
        self._stream.close()

    def abandon(self) -> bool:
        """Close after an `OSError`, keeping what is whole.

        Returns:
            True if there was room to complete the file with its index; otherwise it ends after
            its last whole chunk.
        """
        self._stream.close()
        try:
            mcap_repair.complete(self.path)
        except OSError:
            return False
        return True


def offered_qos(*, reliable: bool, latched: bool) -> str:
    """Return the YAML in which rosbag2 keeps the quality of service of a topic."""
    fields: dict[str, Any] = {
        'history': 'keep_last',
        'depth': 1,
        'reliability': 'reliable' if reliable else 'best_effort',
        'durability': 'transient_local' if latched else 'volatile',
        'deadline': _NO_DURATION,
        'lifespan': _NO_DURATION,
        'liveliness': 'automatic',
        'liveliness_lease_duration': _NO_DURATION,
        'avoid_ros_namespace_conventions': 'false',
    }
    lines = []
    for key, value in fields.items():
        if isinstance(value, dict):
            lines += [f'{key}:', *(f'  {k}: {v}' for k, v in value.items())]
        else:
            lines.append(f'{key}: {value}')
    return '- ' + '\n  '.join(lines) + '\n'


class _WholeWrites:
    """An unbuffered file that writes all or raises: a full disk must not pass as a short write."""

    def __init__(self, path: Path) -> None:
        self._file = open(path, 'xb', buffering=0)  # noqa: SIM115 - closed by `close`
        self._position = 0

    def write(self, data: bytes) -> int:
        rest = memoryview(data)
        while rest:
            written = self._file.write(rest)
            self._position += written
            rest = rest[written:]
        return len(data)

    def tell(self) -> int:
        return self._position

    def flush(self) -> None:
        """Do nothing: every write has reached the operating system."""

    def close(self) -> None:
        self._file.close()
