# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""One thread for slow work, such as inference, that never makes the submitter wait."""

from collections.abc import Callable
import threading
import traceback
from typing import Generic, TypeVar

JobT = TypeVar('JobT')


class LatestWinsWorker(Generic[JobT]):
    """Does one job at a time; of those that wait, only the newest is done.

    An exception in a job goes to `on_error`, and the worker goes on with the next one.
    """

    def __init__(
        self,
        work: Callable[[JobT], None],
        on_error: Callable[[JobT, Exception], None],
        name: str = 'worker',
        prepare: Callable[[], None] = lambda: None,
    ) -> None:
        """Start the thread.

        Args:
            work: Does a job, in the thread.
            on_error: Told of an exception, in the thread.
            name: Of the thread.
            prepare: Called once in the thread, before any job, e.g. to set its priority.
        """
        self._prepare = prepare
        self._work = work
        self._on_error = on_error
        self._changed = threading.Condition()
        self._waiting: list[JobT] = []  # none or one
        self._busy = False
        self._closed = False
        self.done = 0
        self.replaced = 0
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def is_busy(self) -> bool:
        """True while a job is being done or waits."""
        with self._changed:
            return self._busy or bool(self._waiting)

    def submit(self, job: JobT) -> None:
        """Leave a job and return at once; a job that still waits is replaced by it.

        Raises:
            RuntimeError: The worker is closed.
        """
        with self._changed:
            if self._closed:
                raise RuntimeError('the worker is closed')
            self.replaced += len(self._waiting)
            self._waiting = [job]
            self._changed.notify_all()

    def wait_idle(self, timeout_s: float) -> bool:
        """Wait until nothing is done and nothing waits; False if it takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: not (self._busy or self._waiting), timeout_s)

    def close(self, timeout_s: float = 2.0) -> bool:
        """Drop what waits, and wait for what is being done.

        Args:
            timeout_s: Longest wait. A job that hangs beyond it ends with the process.

        Returns:
            True if the thread has ended.
        """
        with self._changed:
            self._closed = True
            self._waiting = []
            self._changed.notify_all()
        if self._thread is not threading.current_thread():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _tell(self, job: JobT, error: Exception) -> None:
        try:
            self._on_error(job, error)
        except Exception:  # noqa: BLE001 - a mistake in reporting must not end the work
            traceback.print_exc()

    def _run(self) -> None:
        self._prepare()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                if self._closed:
                    return
                job = self._waiting.pop()
                self._busy = True
            try:
                self._work(job)
            except Exception as error:  # noqa: BLE001 - it belongs to the owner, not to the thread
                self._tell(job, error)
            with self._changed:
                self._busy = False
                self.done += 1
                self._changed.notify_all()
