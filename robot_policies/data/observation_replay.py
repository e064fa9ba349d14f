# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the policy saw at each of its inferences, again from the recording of the run.

The node's assembler gets the recorded messages up to the newest that the node had, and is asked
at the recorded instant: the same code on the same values gives the same observation, to the bit.
Where it does not, `is_same` says so, and `lost` whether a message reached only one of the two.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from robot_policies.core.data_types import Missing, Observation
from robot_policies.core.observation_assembler import ObservationAssembler
from robot_policies.core.observation_record import ObservationRecord
from robot_policies.core.robot import RobotSpec
from robot_policies.core.source_history import SourceRule
from robot_policies.core.source_use import SourceUse
from robot_policies.data.mcap_reader import read, read_metadata, RecordedMessage
from robot_policies.data.topic_names import recorded_names
from robot_policies.ros.codecs.errors import CodecError
from robot_policies.ros.codecs.observation_sources import Decoder, source_decoder
from robot_policies.ros.codecs.observations import record_from_text

RECORDS = 'policy/observation'
_PATIENCE_NS = 2_000_000_000
"""So long after an inference its inputs are waited for: topics are not recorded in their order."""
_KEPT = 2000
"""So many stamps per source are known again: more than a policy looks back over."""
_JUMP_NS = 1_000_000_000
"""Stamps that go back farther than this are of another time, not reordered."""


@dataclass(frozen=True, eq=False)
class ReplayedObservation:
    """One inference, as it was recorded and as it came out again.

    Attributes:
        record: What the node said of it.
        observation: What the assembler makes of the recording.
        lost: Sources of which a message reached only one of node and recorder: the recording lacks
            one that the node used (or has it only behind newer ones), or has one nearer to the
            instant than the node used.
    """

    record: ObservationRecord
    observation: Observation | Missing
    lost: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """True if it was made of the same values, with the same ages and skews."""
        again = self.observation
        return isinstance(again, Observation) and (
            (again.stamp_ns, again.sources) == (self.record.stamp_ns, self.record.sources)
        )


def replay_observations(
    path: Path, robot: RobotSpec, rules: Mapping[str, SourceRule] | None = None
) -> Iterator[ReplayedObservation]:
    """Yield every observation that a policy was asked about in a recorded run.

    Args:
        path: The MCAP, with `policy/observation` and the topics of the policy's inputs.
        robot: Whose joints and cameras they are.
        rules: Source or its kind -> rule, to align anew in another way; those of the run by
            default.
    """
    name_of = recorded_names(read_metadata(path))
    records = deque(_records(path, name_of))
    wanted = {name: source_decoder(name, robot) for name in _inputs(records)}
    names = {topic: name for name, (topic, _) in wanted.items()}
    streams = {name: _Stream(decode) for name, (_, decode) in wanted.items()}
    assembly = _Assembly(streams, rules)
    for message in read(path, wanted=lambda topic: name_of(topic) in names):
        streams[names[name_of(message.topic)]].add(message)
        while records and _is_due(records[0], streams, message.log_ns):
            yield assembly.put_again(records.popleft()[1])
    for _, record in records:
        yield assembly.put_again(record)


def _records(path: Path, name_of: Callable[[str], str]) -> Iterator[tuple[int, ObservationRecord]]:
    """Yield the records with the time of their recording."""
    for message in read(path, wanted=lambda topic: name_of(topic) == RECORDS):
        yield message.log_ns, record_from_text(message.decode().data)


def _inputs(records: 'deque[tuple[int, ObservationRecord]]') -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for _, record in records for name in record.inputs))


def _is_due(
    entry: tuple[int, ObservationRecord], streams: Mapping[str, '_Stream'], read_ns: int
) -> bool:
    """Return True once everything that the inference had has been read."""
    log_ns, record = entry
    complete = all(streams[use.name].reached(use.newest_ns) for use in record.sources)
    return complete or read_ns > log_ns + _PATIENCE_NS


class _Stream:
    """Messages of one source that no inference has used yet."""

    def __init__(self, decode: Decoder) -> None:
        self._decode = decode
        self._waiting: deque[RecordedMessage] = deque()
        self._last_ns = 0
        self._given: deque[int] = deque(maxlen=_KEPT)

    def add(self, message: RecordedMessage) -> None:
        self._waiting.append(message)

    def reached(self, stamp_ns: int) -> bool:
        """Return True if a message as new as that has been read, in the time of its epoch."""
        return any(0 <= m.stamp_ns - stamp_ns < _JUMP_NS for m in self._waiting) or (
            stamp_ns <= self._last_ns < stamp_ns + _JUMP_NS
        )

    def lacks(self, use: SourceUse) -> bool:
        """Return True if a message that an observation is made of was never given."""
        return not {*use.stamps_ns, use.newest_ns} <= set(self._given)

    def feed(self, assembler: ObservationAssembler, name: str, newest_ns: int) -> None:
        """Give the assembler what the node had: everything up to its newest value."""
        while self._waiting:
            stamp_ns = self._waiting[0].stamp_ns
            of_another_time = stamp_ns > newest_ns + _JUMP_NS and any(
                m.stamp_ns <= newest_ns for m in self._waiting
            )
            if stamp_ns > newest_ns and not of_another_time:
                return
            message = self._waiting.popleft()
            if of_another_time:
                continue  # from before a jump back, and forgotten by the node
            self._last_ns = stamp_ns
            self._given.append(stamp_ns)
            try:
                assembler.put(name, self._decode(message.decode()))
            except CodecError:
                continue  # the node refused it too


class _Assembly:
    """The node's assembler, as long as its inputs and rules stay and time does not jump."""

    def __init__(
        self, streams: Mapping[str, _Stream], rules: Mapping[str, SourceRule] | None
    ) -> None:
        self._streams, self._rules = streams, rules
        self._assembler: ObservationAssembler | None = None
        self._like: tuple[object, ...] = ()
        self._epoch = 0

    def put_again(self, record: ObservationRecord) -> ReplayedObservation:
        assembler = self._assembler_for(record)
        if record.epoch != self._epoch:
            assembler.clear()
            self._epoch = record.epoch
        for use in record.sources:
            self._streams[use.name].feed(assembler, use.name, use.newest_ns)
        observation = assembler.assemble(record.instruction, record.now_ns)
        as_live = self._rules is None  # under other rules another value may well be nearer
        again = observation.sources if isinstance(observation, Observation) else record.sources
        lost = tuple(
            live.name
            for live, made in zip(record.sources, again, strict=True)
            if self._streams[live.name].lacks(live) or (as_live and made.skew_ns < live.skew_ns)
        )
        return ReplayedObservation(record, observation, lost)

    def _assembler_for(self, record: ObservationRecord) -> ObservationAssembler:
        like = (record.inputs, record.rules)
        if self._assembler is None or like != self._like:
            recorded = dict(zip(record.inputs, record.rules, strict=True))
            self._assembler = ObservationAssembler(record.inputs, self._rules or recorded)
            self._like = like
        return self._assembler
