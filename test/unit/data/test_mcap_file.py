# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A recording is read by other tools, and keeps what was finished whatever happens next."""

import errno
from pathlib import Path
import resource
import signal
import subprocess
import sys
import textwrap
import tracemalloc

from mcap.reader import make_reader
import pytest
from robot_policies.data import mcap_repair
from robot_policies.data.mcap_file import McapFile, offered_qos
from robot_policies.data.mcap_reader import read, read_metadata
from robot_policies.data.message_definitions import definition, UnknownMessageTypeError
from rosbags.highlevel import AnyReader

JOINT_STATE = 'sensor_msgs/msg/JointState'
NS = 1_000_000_000


def fill(file: McapFile, joint_state, seconds: range) -> None:
    for second in seconds:
        file.add('/joint_states', second * NS, second * NS - 5, joint_state(second * NS))
        file.flush()


@pytest.fixture
def file(tmp_path: Path) -> McapFile:
    file = McapFile(tmp_path / 'recording.mcap', metadata={'robot': 'go2'})
    file.add_topic('/joint_states', JOINT_STATE, reliable=False, latched=False)
    return file


def seconds_in(path: Path) -> list[float]:
    return [message.decode().position[0] for message in read(path)]


def test_another_librarys_reader_finds_the_same_messages(file, joint_state):
    fill(file, joint_state, range(1, 4))
    file.close()
    with AnyReader([file.path]) as reader:
        assert [c.topic for c in reader.connections] == ['/joint_states']
        messages = [(t, reader.deserialize(raw, c.msgtype)) for c, t, raw in reader.messages()]
    assert [t for t, _ in messages] == [1 * NS, 2 * NS, 3 * NS]
    assert [m.position[0] for _, m in messages] == [1.0, 2.0, 3.0]
    assert messages[0][1].name == ['a', 'b', 'c']


def test_hours_of_recording_take_little_memory_and_the_index_is_whole(tmp_path):
    file = McapFile(tmp_path / 'long.mcap', compression='none')
    names = [f'/topic_{number}' for number in range(30)]
    for name in names:
        file.add_topic(name, 'std_msgs/msg/String', reliable=True, latched=False)
    kept = []
    tracemalloc.start()
    try:
        for second in range(1, 601):
            for name in names:
                file.add(name, second * NS, second * NS, b'\0' * 12)
            file.flush()
            kept.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert kept[-1] - kept[99] < 500 * 600, 'bytes, 500 s; unpacked it is 2,300 for each'
    file.close()
    with open(file.path, 'rb') as stream:
        chunks = make_reader(stream).get_summary().chunk_indexes
    assert [chunk.message_start_time for chunk in chunks] == [s * NS for s in range(1, 601)]
    assert {len(chunk.message_index_offsets) for chunk in chunks} == {30}
    with AnyReader([file.path]) as reader:
        assert len(list(reader.messages(start=300 * NS, stop=301 * NS))) == 30


def test_quality_of_service_and_type_hash_travel_along(file, joint_state):
    file.add_topic('/instruction', 'std_msgs/msg/String', reliable=True, latched=True)
    fill(file, joint_state, range(1, 2))
    file.close()
    with AnyReader([file.path]) as reader:
        qos = next(c for c in reader.connections if c.topic == '/joint_states').ext
        assert qos.offered_qos_profiles[0].reliability.name == 'BEST_EFFORT'
    with open(file.path, 'rb') as stream:
        channels = make_reader(stream).get_summary().channels.values()
    latched = next(c for c in channels if c.topic == '/instruction').metadata
    assert 'transient_local' in latched['offered_qos_profiles']
    # the hash of std_msgs/msg/String as every ROS 2 distribution since Iron publishes it
    assert latched['topic_type_hash'] == (
        'RIHS01_df668c740482bbd48fb39d76a70dfd4bd59db1288021743503259e948f6b1a18'
    )


def test_offered_qos_is_yaml_of_rosbag2():
    import yaml

    (profile,) = yaml.safe_load(offered_qos(reliable=True, latched=False))
    assert profile['reliability'] == 'reliable'
    assert profile['durability'] == 'volatile'
    assert profile['deadline'] == {'sec': 9223372036, 'nsec': 854775807}


def test_definition_holds_every_contained_type():
    text = definition('nav_msgs/msg/Odometry')
    assert 'MSG: geometry_msgs/PoseWithCovariance' in text
    assert 'MSG: builtin_interfaces' not in text, 'time is a built-in of the format'


def test_a_type_that_is_only_installed_is_found_with_what_it_contains(tmp_path, monkeypatch):
    folder = tmp_path / 'share' / 'my_msgs' / 'msg'
    folder.mkdir(parents=True)
    (folder / 'Outer.msg').write_text('std_msgs/Header header\nInner[] parts\n')
    (folder / 'Inner.msg').write_text('float64 weight\n')
    monkeypatch.setenv('AMENT_PREFIX_PATH', str(tmp_path))
    assert 'float64 weight' in definition('my_msgs/msg/Outer')


def test_an_unknown_type_is_named():
    with pytest.raises(UnknownMessageTypeError, match='nobody_msgs/msg/Nothing'):
        definition('nobody_msgs/msg/Nothing')


def test_an_existing_recording_is_never_overwritten(file):
    with pytest.raises(FileExistsError):
        McapFile(file.path)


def test_metadata_and_stamps_are_read_back(file, joint_state):
    fill(file, joint_state, range(7, 8))
    file.close()
    assert read_metadata(file.path) == {'robot': 'go2'}
    (message,) = read(file.path)
    assert (message.stamp_ns, message.log_ns, message.publish_ns) == (7 * NS, 7 * NS, 7 * NS - 5)


def test_only_the_wanted_topics_are_read(file, joint_state):
    file.add_topic('/other', JOINT_STATE, reliable=True, latched=False)
    file.add('/other', NS, NS, joint_state(NS))
    fill(file, joint_state, range(2, 3))
    file.close()
    assert {m.topic for m in read(file.path, wanted=lambda topic: topic == '/other')} == {'/other'}


@pytest.mark.parametrize('cut', [1, 9, 100, 300, 500])
def test_a_recording_cut_short_anywhere_is_readable_and_can_be_completed(file, joint_state, cut):
    fill(file, joint_state, range(1, 4))
    whole = file.size  # three chunks, no index yet
    fill(file, joint_state, range(4, 5))
    with open(file.path, 'r+b') as stream:
        stream.truncate(max(whole, file.size - cut))
    assert seconds_in(file.path)[:3] == [1.0, 2.0, 3.0]
    assert mcap_repair.complete(file.path)
    with AnyReader([file.path]) as reader:
        found = [t // NS for _, t, _ in reader.messages()]
    assert found[:3] == [1, 2, 3]
    assert not mcap_repair.complete(file.path), 'it is complete now'


def test_completing_gives_the_index_that_closing_would_have_given(tmp_path, joint_state):
    summaries = []
    for name in ('closed', 'killed'):
        file = McapFile(tmp_path / f'{name}.mcap', metadata={'robot': 'go2'})
        file.add_topic('/joint_states', JOINT_STATE, reliable=False, latched=False)
        fill(file, joint_state, range(1, 5))
        if name == 'closed':
            file.close()
        else:
            assert mcap_repair.complete(file.path)
        with open(file.path, 'rb') as stream:
            summaries.append(make_reader(stream).get_summary())
    closed, killed = summaries
    assert killed.statistics == closed.statistics
    assert killed.chunk_indexes == closed.chunk_indexes
    assert killed.schemas == closed.schemas
    assert killed.channels == closed.channels
    assert killed.metadata_indexes == closed.metadata_indexes


def chunk_ends(path: Path) -> list[tuple[int, int]]:
    """Return where each chunk ends, and where its message indexes do."""
    with open(path, 'rb') as stream:
        chunks = make_reader(stream).get_summary().chunk_indexes
    ends = [chunk.chunk_start_offset + chunk.chunk_length for chunk in chunks]
    indexed = zip(ends, chunks, strict=True)
    return [(end, end + chunk.message_index_length) for end, chunk in indexed]


def two_topics(path: Path, joint_state) -> McapFile:
    file = McapFile(path, metadata={'robot': 'go2'})
    for topic in ('/joint_states', '/others'):
        file.add_topic(topic, JOINT_STATE, reliable=False, latched=False)
    for second in range(1, 4):
        for topic, late in (('/joint_states', 0), ('/others', 3), ('/joint_states', 6)):
            file.add(topic, second * NS + late, second * NS, joint_state(second * NS))
        file.flush()
    return file


def test_a_chunk_that_lost_only_its_message_indexes_loses_no_message(tmp_path, joint_state):
    closed = two_topics(tmp_path / 'closed.mcap', joint_state)
    closed.close()
    content = closed.path.read_bytes()
    begin, end = chunk_ends(closed.path)[-1]
    with open(closed.path, 'rb') as stream:
        expected = make_reader(stream).get_summary()
    for size in range(begin, end):
        path = tmp_path / f'{size}.mcap'
        path.write_bytes(content[:size])
        assert mcap_repair.complete(path)
        with open(path, 'rb') as stream:
            found = make_reader(stream).get_summary()
        assert found.statistics == expected.statistics
        assert found.chunk_indexes == expected.chunk_indexes
        assert path.read_bytes()[begin:end] == content[begin:end]


def test_a_disk_that_is_full_after_a_chunk_keeps_it_without_its_message_indexes(
    tmp_path, joint_state
):
    closed = two_topics(tmp_path / 'closed.mcap', joint_state)
    closed.close()
    begin, _ = chunk_ends(closed.path)[-1]
    path = tmp_path / 'cut.mcap'
    path.write_bytes(closed.path.read_bytes()[: begin + 7])
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (begin + 20, hard))
    try:
        with pytest.raises(OSError, match='File too large'):
            mcap_repair.complete(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert len(seconds_in(path)) == 9
    assert mcap_repair.complete(path), 'once there is room again'
    assert len(seconds_in(path)) == 9


def test_a_damaged_last_chunk_is_dropped(file, joint_state):
    fill(file, joint_state, range(1, 3))
    before = file.size
    fill(file, joint_state, range(3, 4))
    with open(file.path, 'r+b') as stream:
        stream.seek(before + 80)
        stream.write(b'\xff' * 20)
    assert mcap_repair.complete(file.path)
    assert seconds_in(file.path) == [1.0, 2.0]


def test_what_is_no_recording_is_refused(tmp_path):
    path = tmp_path / 'recording.mcap'
    path.write_text('something else altogether')
    with pytest.raises(mcap_repair.NotARecordingError, match=r'recording\.mcap'):
        mcap_repair.complete(path)
    assert path.read_text() == 'something else altogether'


def test_a_full_disk_keeps_what_was_whole(file, joint_state):
    """The limit on the size of a file stands in for a full disk: a short write, then an error."""
    fill(file, joint_state, range(1, 6))
    limit = file.size + 200
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        with pytest.raises(OSError) as caught:  # noqa: PT011 - the number is checked below
            fill(file, joint_state, range(6, 100))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.errno == errno.EFBIG
    assert file.abandon()
    with AnyReader([file.path]) as reader:
        kept = [t // NS for _, t, _ in reader.messages()]
    assert kept[:5] == [1, 2, 3, 4, 5]
    assert kept == list(range(1, len(kept) + 1))


def test_a_disk_without_room_for_the_index_still_keeps_the_chunks(file, joint_state):
    fill(file, joint_state, range(1, 6))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.size + 20, hard))
    try:
        with pytest.raises(OSError, match='File too large'):
            file.close()
        assert not file.abandon()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert seconds_in(file.path) == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert mcap_repair.complete(file.path), 'once there is room again'


def test_a_recorder_killed_with_9_loses_only_the_open_chunk(tmp_path):
    path = tmp_path / 'recording.mcap'
    script = textwrap.dedent("""
        import os, signal, sys
        from pathlib import Path
        from robot_policies.data.mcap_file import McapFile
        from robot_policies.data.message_definitions import typestore

        file = McapFile(Path(sys.argv[1]))
        file.add_topic('/a', 'std_msgs/msg/String', reliable=True, latched=False)
        text = typestore().types['std_msgs/msg/String']
        for i in range(10):
            data = bytes(typestore().serialize_cdr(text(str(i)), 'std_msgs/msg/String'))
            file.add('/a', i, i, data)
            if i == 6:
                file.flush()
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    result = subprocess.run([sys.executable, '-c', script, str(path)], check=False)
    assert result.returncode == -signal.SIGKILL
    assert [m.decode().data for m in read(path)] == list('0123456')
    assert mcap_repair.complete(path)
    with AnyReader([path]) as reader:
        assert len(list(reader.messages())) == 7
