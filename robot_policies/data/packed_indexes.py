# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The chunk indexes of a recording in progress, in a sixth of the memory.

The writer of the library `mcap` keeps an object for each chunk until it writes the summary at the
end: with a chunk a second and thirty topics 8 MB for each hour.
"""

from collections.abc import Iterator
from io import BytesIO

from mcap.data_stream import ReadDataStream, RecordBuilder
from mcap.records import ChunkIndex
from mcap.writer import Writer

_ATTRIBUTE = '_Writer__chunk_indices'


class PackedIndexes:
    """Stands for the writer's list: keeps what is appended as the bytes that it will be."""

    def __init__(self) -> None:
        self._packed = bytearray()

    def append(self, index: ChunkIndex) -> None:
        """Take in the index of a chunk."""
        builder = RecordBuilder()
        index.write(builder)
        self._packed += builder.end()  # type: ignore[no-untyped-call]

    def __iter__(self) -> Iterator[ChunkIndex]:
        stream = ReadDataStream(BytesIO(bytes(self._packed)))
        while stream.count < len(self._packed):
            stream.read1()  # what kind of record it is
            stream.read8()  # its length
            yield ChunkIndex.read(stream)


def pack_indexes(writer: Writer) -> None:
    """Let a writer that has just been made keep its chunk indexes packed.

    The list is the library's own affair. A version that keeps it elsewhere goes on unpacked: it
    records as well, and grows.
    """
    if getattr(writer, _ATTRIBUTE, None) == []:
        setattr(writer, _ATTRIBUTE, PackedIndexes())
