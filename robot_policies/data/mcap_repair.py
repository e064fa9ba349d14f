# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Complete a recording that was cut short: index what is whole, drop what is not.

A process that is killed, a disk that is full or a machine that loses power leave an MCAP without
its index. Some readers refuse that. What is needed to mend it stands in the file.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
import io
from pathlib import Path
import struct
from typing import BinaryIO

from mcap.data_stream import ReadDataStream, RecordBuilder
from mcap.exceptions import McapError
from mcap.opcode import Opcode
from mcap.records import (
    Channel,
    Chunk,
    ChunkIndex,
    DataEnd,
    Footer,
    McapRecord,
    Message,
    MessageIndex,
    Metadata,
    MetadataIndex,
    Schema,
    Statistics,
)
from mcap.stream_reader import breakup_chunk, get_chunk_data_stream
from mcap.writer import MCAP0_MAGIC
from robot_policies.core.errors import RobotPoliciesError
import zstandard

DAMAGED = (McapError, struct.error, ValueError, RuntimeError, zstandard.ZstdError)
"""What reading raises where a recording is damaged or ends too early."""
_RECORD_HEADER = struct.Struct('<BQ')


class NotARecordingError(RobotPoliciesError):
    """A file is no MCAP."""


@dataclass(frozen=True)
class _Span:
    opcode: int
    start: int
    length: int
    """With its header."""
    body: bytes


@dataclass
class _Contents:
    """What is whole in a recording, gathered for its index."""

    end: int = len(MCAP0_MAGIC)
    complete: bool = False
    schemas: dict[int, Schema] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    counts: Counter[int] = field(default_factory=Counter)
    chunks: list[ChunkIndex] = field(default_factory=list)
    metadata: list[MetadataIndex] = field(default_factory=list)
    unindexed: '_PendingChunk | None' = None
    """The last chunk, if it is whole itself, but its message indexes are not."""


def complete(path: Path) -> bool:
    """Give a recording that was cut short its index, in place.

    Args:
        path: An MCAP made of chunks, as `McapFile` writes it.

    Returns:
        True if it was mended, False if it was complete already.

    Raises:
        NotARecordingError: The file is no MCAP.
        OSError: It cannot be read or written; then it is as readable as it was before.
    """
    with open(path, 'r+b') as file:
        if file.read(len(MCAP0_MAGIC)) != MCAP0_MAGIC:
            raise NotARecordingError(f'{path}: is no MCAP file')
        contents = _scan(file)
        if contents.complete:
            return False
        file.truncate(contents.end)
        file.seek(contents.end)
        try:
            file.write(_ending(contents))
            file.flush()
        except OSError:
            file.truncate(contents.end)
            raise
    return True


def _scan(file: BinaryIO) -> _Contents:
    contents = _Contents()
    pending: _PendingChunk | None = None
    for span in _spans(file):
        if span.opcode == Opcode.FOOTER:
            contents.complete = file.read(len(MCAP0_MAGIC)) == MCAP0_MAGIC
            break
        if span.opcode == Opcode.DATA_END:
            continue  # an index may have been begun; it is written anew unless it is whole
        if span.opcode == Opcode.CHUNK:
            pending = _PendingChunk.read(span)
            if pending is None:
                break
        elif span.opcode == Opcode.MESSAGE_INDEX and pending is not None:
            pending.add_index(span)
        elif span.opcode == Opcode.METADATA:
            name = Metadata.read(_stream(span.body)).name
            contents.metadata.append(MetadataIndex(span.start, span.length, name))
        elif span.opcode != Opcode.HEADER:
            continue
        if pending is None:
            contents.end = span.start + span.length
        elif pending.whole:
            pending.add_to(contents)
            pending = None
    if pending is not None:
        contents.unindexed = pending
        contents.end = pending.data_end
    return contents


class _PendingChunk:
    """A chunk until all its message indexes have been seen, or are written anew."""

    def __init__(self, span: _Span, chunk: Chunk, records: list[McapRecord]) -> None:
        self._chunk = chunk
        self._records = records
        self.data_end = span.start + span.length
        self._messages = Counter(r.channel_id for r in records if isinstance(r, Message))
        self._end = self.data_end
        self._index = ChunkIndex(
            chunk_length=span.length,
            chunk_start_offset=span.start,
            compression=chunk.compression,
            compressed_size=len(chunk.data),
            message_end_time=chunk.message_end_time,
            message_index_length=0,
            message_index_offsets={},
            message_start_time=chunk.message_start_time,
            uncompressed_size=chunk.uncompressed_size,
        )

    @classmethod
    def read(cls, span: _Span) -> '_PendingChunk | None':
        """Return the chunk, or None if its content is damaged."""
        try:
            chunk = Chunk.read(_stream(span.body))
            return cls(span, chunk, breakup_chunk(chunk, validate_crc=True))
        except DAMAGED:
            return None

    @property
    def whole(self) -> bool:
        """True once every channel of the chunk has its message index."""
        return len(self._index.message_index_offsets) == len(self._messages)

    def add_index(self, span: _Span) -> None:
        """Note a message index that follows the chunk."""
        channel = MessageIndex.read(_stream(span.body)).channel_id
        self._index.message_index_offsets[channel] = span.start
        self._end = span.start + span.length
        self._index.message_index_length = self._end - self.data_end

    def write_indexes(self, builder: RecordBuilder) -> None:
        """Write the message indexes as what follows the chunk."""
        entries: dict[int, list[tuple[int, int]]] = {}
        for channel, log_ns, offset in _message_offsets(self._chunk):
            entries.setdefault(channel, []).append((log_ns, offset))
        self._end = self.data_end
        self._index.message_index_offsets = {}
        for channel, records in entries.items():
            self._index.message_index_offsets[channel] = self.data_end + builder.count
            MessageIndex(channel, records).write(builder)
        self._index.message_index_length = builder.count

    def add_to(self, contents: _Contents) -> None:
        """Add the whole chunk to what is known of the file."""
        contents.end = self._end
        contents.chunks.append(self._index)
        contents.counts.update(self._messages)
        for record in self._records:
            if isinstance(record, Schema):
                contents.schemas[record.id] = record
            elif isinstance(record, Channel):
                contents.channels[record.id] = record


def _spans(file: BinaryIO) -> Iterator[_Span]:
    """Yield the records that are whole."""
    while True:
        start = file.tell()
        header = file.read(_RECORD_HEADER.size)
        if len(header) < _RECORD_HEADER.size:
            return
        opcode, length = _RECORD_HEADER.unpack(header)
        body = file.read(length)
        if len(body) < length:
            return
        yield _Span(opcode, start, _RECORD_HEADER.size + length, body)


def _message_offsets(chunk: Chunk) -> Iterator[tuple[int, int, int]]:
    """Yield channel, time and place in the uncompressed chunk of each message."""
    stream, size = get_chunk_data_stream(chunk)
    while stream.count < size:
        offset = stream.count
        opcode, length = _RECORD_HEADER.unpack(stream.read(_RECORD_HEADER.size))
        if opcode == Opcode.MESSAGE:
            message = Message.read(stream, length)
            yield message.channel_id, message.log_time, offset
        else:
            stream.read(length)


def _ending(contents: _Contents) -> bytes:
    builder = RecordBuilder()
    if contents.unindexed is not None:
        contents.unindexed.write_indexes(builder)
        contents.unindexed.add_to(contents)
    DataEnd(0).write(builder)
    summary_start = contents.end + builder.count
    records = [*contents.schemas.values(), *contents.channels.values(), _statistics(contents)]
    for record in (*records, *contents.chunks, *contents.metadata):
        record.write(builder)
    Footer(summary_start=summary_start, summary_offset_start=0, summary_crc=0).write(builder)
    data: bytes = builder.end()  # type: ignore[no-untyped-call]
    return data + MCAP0_MAGIC


def _statistics(contents: _Contents) -> Statistics:
    return Statistics(
        attachment_count=0,
        channel_count=len(contents.channels),
        channel_message_counts=dict(contents.counts),
        chunk_count=len(contents.chunks),
        message_count=contents.counts.total(),
        message_end_time=max((c.message_end_time for c in contents.chunks), default=0),
        message_start_time=min((c.message_start_time for c in contents.chunks), default=0),
        metadata_count=len(contents.metadata),
        schema_count=len(contents.schemas),
    )


def _stream(data: bytes) -> ReadDataStream:
    return ReadDataStream(io.BytesIO(data))
