# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The trace file is what Perfetto and chrome://tracing take."""

from itertools import pairwise
import json

from robot_policies.core.trace_events import trace_events
from test_trace import APPLIED, CHUNK, IMAGE, JOINTS, second, span, WISH

NEEDED = {
    'X': {'name', 'cat', 'ph', 'ts', 'dur', 'pid', 'tid', 'args'},
    's': {'name', 'cat', 'ph', 'ts', 'pid', 'tid', 'id'},
    'f': {'name', 'cat', 'ph', 'ts', 'pid', 'tid', 'id', 'bp'},
    'M': {'name', 'ph', 'pid', 'tid', 'args'},
}


def check(content) -> list:
    """Check the shape of a trace file, and return its events."""
    events = json.loads(json.dumps(content))['traceEvents']
    for event in events:
        assert set(event) >= NEEDED[event['ph']], event
        assert isinstance(event['pid'], int)
        assert isinstance(event['tid'], int)
        assert event.get('ts', 0) >= 0
        assert event.get('dur', 1) > 0
    slices = [event for event in events if event['ph'] == 'X']
    for ends in 'sf':
        for flow in (event for event in events if event['ph'] == ends):
            assert [s for s in slices if _holds(s, flow)], 'an arrow that ends nowhere'
    lanes: dict = {}
    for item in slices:
        lanes.setdefault((item['pid'], item['tid']), []).append(item)
    for lane in lanes.values():
        for before, after in pairwise(sorted(lane, key=lambda item: item['ts'])):
            assert before['ts'] + before['dur'] <= after['ts'], 'slices of a thread overlap'
    return events


def _holds(item, flow) -> bool:
    place = (item['pid'], item['tid']) == (flow['pid'], flow['tid'])
    return place and item['ts'] <= flow['ts'] <= item['ts'] + item['dur']


def test_its_shape_is_right_and_arrows_connect_the_hops():
    events = check(trace_events(second(5_000)))
    names = {e['args']['name'] for e in events if e['name'] == 'process_name'}
    assert names == {'/sim', '/policy', '/safety', '/loco'}
    starts = {e['id']: e for e in events if e['ph'] == 's'}
    ends = {e['id']: e for e in events if e['ph'] == 'f'}
    assert set(starts) == set(ends)
    # picture to chunk, chunk to 2 wishes, and 2 each of: velocity, to walk, joints, safe, robot
    assert len(starts) == 1 + 2 + 2 * 5
    topics = {e['tid']: e['args']['name'] for e in events if e['name'] == 'thread_name'}
    arrows = {(topics[starts[i]['tid']], topics[ends[i]['tid']]) for i in starts}
    assert (IMAGE, CHUNK) in arrows
    assert (CHUNK, WISH) in arrows
    assert ('joint_command', APPLIED) in arrows


def test_times_are_microseconds_since_the_first_beginning():
    events = check(trace_events(second(5_000)))
    (image,) = [e for e in events if e['ph'] == 'X' and e['name'] == IMAGE]
    assert (image['ts'], image['dur']) == (0.0, 30_000.0)
    assert image['args']['stamp_ns'] == str(5_000 * 1_000_000)


def test_what_overlaps_gets_lanes_of_its_own():
    check(trace_events([span(IMAGE, k, k, k + 50) for k in range(0, 100, 10)]))
    check(trace_events([span(JOINTS, 5, 5, 5), span(JOINTS, 6, 5, 5)]))


def test_without_spans_it_is_an_empty_trace():
    assert check(trace_events([])) == []
