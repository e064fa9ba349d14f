# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The table of latencies says what was reported, hop by hop, and what is not known."""

from robot_policies.core.statistics import Quantiles
from robot_policies.core.trace_numbers import route_numbers
from robot_policies.core.trace_window import HopQuantiles, RouteQuantiles
from robot_policies.dashboard import model
from robot_policies.dashboard.latency import latency_rows, latency_table
from robot_policies.dashboard.model import SILENT_NS, Status
from robot_policies.ros.codecs.diagnostics import fill_status, status_values

NOW = 10**10
IMAGE = 'camera/front/image_raw'


class Pair:
    def __init__(self, key, value):
        self.key, self.value = key, value


def report(arrived_ns=NOW, **more) -> dict[str, Status]:
    """What the trace node says, as it comes."""
    quantiles = Quantiles(9, 12.25, 30.5, 41.0)
    hops = (HopQuantiles(IMAGE, quantiles, quantiles), HopQuantiles('robot', quantiles, quantiles))
    numbers = route_numbers(RouteQuantiles(IMAGE, True, quantiles, quantiles, hops))
    numbers |= route_numbers(RouteQuantiles('odom', False, quantiles, quantiles, hops))
    message = type('Message', (), {})()
    fill_status(message, Pair, name='/trace', level=0, words='ok', values=numbers | more)
    status = Status(0, '/trace', 'ok', status_values(message), arrived_ns)
    return {'/trace': status}


def test_routes_and_hops_come_in_their_order():
    rows = latency_rows(report(), NOW)
    assert [(row.route, row.name, row.is_hop) for row in rows] == [
        (IMAGE, 'until the first command', False),
        (IMAGE, 'in every command', False),
        (IMAGE, IMAGE, True),
        (IMAGE, 'robot', True),
        ('odom', 'until the first command', False),
        ('odom', 'in every command', False),
    ]
    assert rows[0].figures == ('12.25', '30.5', '41')


def test_the_table_holds_them_and_says_what_is_not_known():
    html = latency_table(report(**{'untold policy/chunk': 3}), NOW)
    for part in (IMAGE, '12.25', '30.5', '41', 'what led to policy/chunk'):
        assert part in html
    assert 'Not known' not in latency_table(report(), NOW)


def test_without_a_report_or_with_an_old_one_it_shows_none():
    assert 'trace:=true' in latency_table({}, NOW)
    assert 'trace:=true' in latency_table(report(NOW - SILENT_NS - 1), NOW)


def test_nothing_that_came_from_a_topic_becomes_markup():
    evil = '<img src=x onerror=alert(1)>'
    statuses = {'/x': Status(0, '/x', '', {f'{evil} | {evil} {evil}_p50_ms': evil}, NOW)}
    html = latency_table(statuses, NOW)
    assert '&lt;img' in html
    assert '<img' not in html


def test_the_health_table_leaves_them_out():
    (row,) = model.health_rows(report(), NOW)
    assert row.figures == ()
