# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Chains by stamp: right, complete or said to be incomplete, and their quantiles."""

from itertools import pairwise

import pytest
from robot_policies.core.trace import APPLIED, Output, Span, SpanStore
from robot_policies.core.trace_window import SETTLE_NS, TraceWindow

MS = 1_000_000
IMAGE, CHUNK, WISH = 'camera/front/image_raw', 'policy/chunk', 'policy/cmd_vel'
WALK, JOINTS, SAFE = 'locomotion/command', 'joint_states', 'joint_command'


def span(topic, stamp_ms, begin_ms, end_ms, *causes, node='') -> Span:
    rests_on = tuple(Output(name, at * MS) for name, at in causes)
    return Span(Output(topic, stamp_ms * MS), begin_ms * MS, end_ms * MS, rests_on, node)


def second(at: int) -> list[Span]:
    """One picture and what became of it, from `at` ms on; two commands rest on it."""
    spans = [
        span(IMAGE, at, at, at + 30, node='/sim'),
        span(CHUNK, at, at + 40, at + 90, (IMAGE, at), ('odom', at + 1), node='/policy'),
    ]
    for k in (100, 120):
        t = at + k
        spans += [
            span(WISH, t, t, t + 1, (CHUNK, at), node='/policy'),
            span('cmd_vel', t + 2, t + 1, t + 3, (WISH, t), node='/safety'),
            span(JOINTS, t + 4, t + 4, t + 5, node='/sim'),
            span(WALK, t + 4, t + 6, t + 8, (JOINTS, t + 4), ('cmd_vel', t + 2), node='/loco'),
            span(SAFE, t + 4, t + 8, t + 9, (WALK, t + 4), node='/safety'),
            span(APPLIED, t + 4, t + 10, t + 11, (SAFE, t + 4), node='/sim'),
        ]
    return spans


def window_of(spans: list[Span]) -> TraceWindow:
    window = TraceWindow()
    window.add(spans)
    window.finish()
    return window


def route(window: TraceWindow, name: str):
    (found,) = [item for item in window.routes() if item.name == name]
    return found


def test_every_way_to_a_command_is_found():
    store = SpanStore()
    for item in second(0):
        store.add(item)
    chains = list(store.chains(store.get(Output(APPLIED, 104 * MS))))
    ways = {chain.origin.topic: chain for chain in chains}
    assert set(ways) == {IMAGE, 'odom', JOINTS}
    assert ways[IMAGE].topics == (IMAGE, CHUNK, WISH, 'cmd_vel', WALK, SAFE, APPLIED)
    assert ways[IMAGE].hops_ns() == tuple(ms * MS for ms in (30, 60, 11, 2, 5, 1, 2))
    assert sum(ways[IMAGE].hops_ns()) == ways[IMAGE].elapsed_ns == 111 * MS
    assert ways['odom'].begin_ns == 1 * MS  # by its stamp: nobody told when it was published
    assert not any(chain.broken for chain in chains)


def test_news_are_the_first_command_and_age_is_every_command():
    window = window_of(second(0) + second(1000))
    found = route(window, IMAGE)
    assert (found.reaction.count, found.reaction.p50) == (2, pytest.approx(111.0))
    assert (found.age.count, found.age.maximum) == (4, pytest.approx(131.0))
    assert [hop.topic for hop in found.hops][:2] == [IMAGE, CHUNK]
    assert found.hops[1].elapsed.p50 == pytest.approx(60.0)
    assert found.hops[1].work.p50 == pytest.approx(50.0)
    assert found.origin_traced
    assert not route(window, 'odom').origin_traced
    assert window.commands == 4


def test_an_encoder_on_the_way_is_part_of_the_route():
    spans = [
        span(IMAGE, 0, 0, 30),
        span('features/x', 0, 31, 50, (IMAGE, 0)),
        span(CHUNK, 0, 51, 60, ('features/x', 0)),
        span(APPLIED, 70, 70, 71, (CHUNK, 0)),
    ]
    found = route(window_of(spans), f'{IMAGE} via features/x')
    assert [hop.elapsed.p50 for hop in found.hops] == pytest.approx([30, 20, 10, 11])


@pytest.mark.parametrize('lost', [CHUNK, WISH, 'cmd_vel', WALK, SAFE])
def test_a_missing_hop_is_said_and_nothing_is_made_up(lost):
    spans = [item for item in second(0) if item.output.topic != lost]
    window = window_of(spans)
    assert window.broken[lost] == 2
    assert IMAGE not in {item.name for item in window.routes()}
    whole = window_of(second(0))
    assert not whole.broken
    assert IMAGE in {item.name for item in whole.routes()}


def test_what_a_node_decided_by_itself_begins_there():
    spans = [span(SAFE, 5, 5, 6), span(APPLIED, 5, 7, 8, (SAFE, 5))]
    window = window_of(spans)
    assert [item.name for item in window.routes()] == [SAFE]
    assert not window.broken


def test_of_a_repeated_command_the_first_counts():
    store = SpanStore()
    first, again = span(SAFE, 5, 5, 6), span(SAFE, 5, 10, 11)
    assert store.add(first)
    assert not store.add(again)
    assert store.get(first.output) is first


def test_nodes_may_tell_in_any_order_within_the_time_they_have():
    window = TraceWindow()
    window.add(reversed(second(0)))
    assert window.commands == 0  # the others may still tell
    window.add([span(IMAGE, 9000, 111, 111 + SETTLE_NS // MS + 30)])
    assert route(window, IMAGE).reaction.p50 == pytest.approx(111.0)


def test_when_time_jumps_back_what_was_told_before_is_forgotten():
    window = TraceWindow()
    window.add(second(1_000_000))
    window.add(second(0))
    window.finish()
    assert window.commands == 2
    assert route(window, IMAGE).age.maximum == pytest.approx(131.0)


def test_a_node_that_tells_late_takes_nothing_from_the_others():
    window = TraceWindow()
    early = span('features/x', 1, 1, 2, node='/slow')
    window.add([*second(20_000), early, *second(21_000)])
    window.finish()
    assert window.commands == 4


def test_what_refers_to_itself_ends_and_is_no_chain():
    spans = [span(CHUNK, 1, 1, 2, (WISH, 1)), span(WISH, 1, 1, 2, (CHUNK, 1))]
    spans += [span(APPLIED, 1, 3, 4, (WISH, 1))]
    assert sum(window_of(spans).broken.values()) == 1


def test_a_net_of_causes_does_not_take_for_ever():
    nets = [[(f'{k}{side}', 1) for side in 'abcdefgh'] for k in range(12)]
    spans = [span(APPLIED, 1, 3, 4, *nets[0])]
    for causes, before in pairwise(nets):
        spans += [span(topic, 1, 1, 2, *before) for topic, _ in causes]
    window = window_of(spans)  # 8^12 ways
    assert window.commands == 1
    assert sum(window.broken.values()) <= 64
