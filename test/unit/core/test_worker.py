# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The worker: the newest job wins, the submitter never waits, errors come out."""

import threading

import pytest
from robot_policies.core.worker import LatestWinsWorker


class Gate:
    """Work that waits until it is let go."""

    def __init__(self):
        self.open = threading.Event()
        self.begun = threading.Event()
        self.done = []

    def work(self, job):
        self.begun.set()
        assert self.open.wait(10.0)
        if job == 'bad':
            raise ValueError('bad job')
        self.done.append(job)


@pytest.fixture
def gate():
    return Gate()


@pytest.fixture
def errors():
    return []


@pytest.fixture
def worker(gate, errors):
    worker = LatestWinsWorker(gate.work, lambda job, error: errors.append((job, str(error))))
    yield worker
    gate.open.set()
    worker.close()


def test_of_the_waiting_jobs_only_the_newest_is_done(gate, worker):
    worker.submit('first')
    assert gate.begun.wait(10.0)
    for job in ('second', 'third', 'fourth'):
        worker.submit(job)  # returns although the worker is busy
    assert worker.is_busy
    gate.open.set()
    assert worker.wait_idle(10.0)
    assert gate.done == ['first', 'fourth']
    assert (worker.done, worker.replaced) == (2, 2)


def test_an_exception_reaches_the_owner_and_the_next_job_is_done(gate, worker, errors):
    gate.open.set()
    worker.submit('bad')
    assert worker.wait_idle(10.0)
    worker.submit('good')
    assert worker.wait_idle(10.0)
    assert errors == [('bad', 'bad job')]
    assert gate.done == ['good']


def test_an_owner_that_fails_to_listen_does_not_end_the_work(gate, capsys):
    def deaf(_job, _error):
        raise RuntimeError('deaf')

    worker = LatestWinsWorker(gate.work, deaf)
    gate.open.set()
    worker.submit('bad')
    assert worker.wait_idle(10.0)
    worker.submit('good')
    assert worker.wait_idle(10.0)
    assert gate.done == ['good']
    assert 'deaf' in capsys.readouterr().err
    assert worker.close()


def test_close_drops_what_waits_and_refuses_more(gate, worker):
    worker.submit('first')
    assert gate.begun.wait(10.0)
    worker.submit('second')
    closer = threading.Thread(target=worker.close)
    closer.start()
    while True:  # until it is closed
        try:
            worker.submit('third')
        except RuntimeError:
            break
    gate.open.set()
    closer.join(10.0)
    assert gate.done == ['first']


def test_close_tells_when_a_job_hangs(gate, worker):
    worker.submit('first')
    assert gate.begun.wait(10.0)
    assert not worker.close(timeout_s=0.01)


def test_the_thread_is_prepared_before_its_first_job():
    order = []
    worker = LatestWinsWorker(order.append, lambda job, error: None, 'w', lambda: order.append(0))
    worker.submit(1)
    assert worker.wait_idle(5.0)
    worker.close()
    assert order == [0, 1]
