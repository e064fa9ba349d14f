# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A recording in progress: messages are handed over without waiting, a thread writes them."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
import threading
import time

from robot_policies.data.mcap_file import McapFile

_WAKE_S = 0.1


@dataclass(frozen=True)
class RecordingStatus:
    """What became of the messages so far.

    Attributes:
        messages: Handed to the file.
        dropped: Not recorded, because the disk was too slow for them or recording had stopped.
        bytes: Size of the file.
        error: Why recording stopped, in words; empty while it runs.
        complete: False if the file ends without its index, which `mcap_repair` mends.
    """

    messages: int
    dropped: int
    bytes: int
    error: str
    complete: bool


@dataclass(frozen=True, slots=True)
class _Message:
    topic: str
    log_ns: int
    publish_ns: int
    data: bytes


@dataclass(frozen=True, slots=True)
class _Topic:
    name: str
    type_name: str
    reliable: bool
    latched: bool


class Recording:
    """Writes in a thread of its own; whoever hands it messages never waits for the disk."""

    def __init__(
        self,
        file: McapFile,
        *,
        flush_s: float = 1.0,
        max_waiting_bytes: int = 256 * 1024 * 1024,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start the thread.

        Args:
            file: Where to; it belongs to the recording from now on.
            flush_s: A chunk is closed this often: what a kill can cost.
            max_waiting_bytes: With more than this not yet written, messages are dropped and
                counted.
            clock: Seconds, monotonic.
        """
        self._file = file
        self._flush_s = flush_s
        self._max_waiting_bytes = max_waiting_bytes
        self._clock = clock
        self._waiting: deque[_Message | _Topic] = deque()
        self._waiting_bytes = 0
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._status = RecordingStatus(0, 0, file.size, '', True)
        self._dropped = 0
        self._thread = threading.Thread(target=self._run, name='recording', daemon=True)
        self._thread.start()

    def add_topic(self, topic: str, type_name: str, *, reliable: bool, latched: bool) -> None:
        """Announce a topic, before its first message."""
        self._waiting.append(_Topic(topic, type_name, reliable, latched))

    def put(self, topic: str, log_ns: int, publish_ns: int, data: bytes) -> None:
        """Hand over one serialised message. Never blocks and never raises."""
        with self._lock:
            if self._status.error or self._waiting_bytes > self._max_waiting_bytes:
                self._dropped += 1
                return
            self._waiting_bytes += len(data)
        self._waiting.append(_Message(topic, log_ns, publish_ns, data))

    @property
    def status(self) -> RecordingStatus:
        """What became of the messages so far."""
        with self._lock:
            status = self._status
            return RecordingStatus(
                status.messages, self._dropped, status.bytes, status.error, status.complete
            )

    def close(self, timeout_s: float = 20.0) -> RecordingStatus:
        """Write what waits, write the index and return what became of it all."""
        self._closing.set()
        self._thread.join(timeout_s)
        return self.status

    def _run(self) -> None:
        try:
            self._write_until_closed()
            self._file.close()
        except Exception as error:  # noqa: BLE001 - a writer that died must not go unnoticed
            words = getattr(error, 'strerror', None) or repr(error)
            complete = self._file.abandon()
            self._note(error=f'{self._file.path}: {words}', complete=complete)
            self._waiting.clear()
        else:
            self._note()

    def _write_until_closed(self) -> None:
        next_flush = self._clock() + self._flush_s
        closing = False
        while not closing:
            closing = self._closing.wait(_WAKE_S)
            self._drain()
            if closing or self._clock() >= next_flush:
                self._file.flush()
                self._note()
                next_flush = self._clock() + self._flush_s

    def _drain(self) -> None:
        messages = 0
        freed = 0
        while self._waiting:
            item = self._waiting.popleft()
            if isinstance(item, _Topic):
                self._file.add_topic(
                    item.name, item.type_name, reliable=item.reliable, latched=item.latched
                )
            else:
                self._file.add(item.topic, item.log_ns, item.publish_ns, item.data)
                messages += 1
                freed += len(item.data)
        with self._lock:
            self._waiting_bytes -= freed
        self._note(messages)

    def _note(self, messages: int = 0, *, error: str = '', complete: bool = True) -> None:
        with self._lock:
            self._status = RecordingStatus(
                self._status.messages + messages, 0, self._file.size, error, complete
            )
