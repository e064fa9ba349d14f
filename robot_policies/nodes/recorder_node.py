# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Record everything that the stack says into `runs/<time stamp>/recording.mcap`.

Listens to what `ros/topics.py` declares, to the robot's cameras, and to what appears on the
network under `camera/` and `features/`. Messages are taken as bytes, in batches, and written by
a thread: the disk never delays anybody, and a full one ends the recording with an ERROR on
`/diagnostics`, nothing else.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
import sys
from typing import Any

from rclpy.qos import QoSProfile
from robot_policies.core.params import param
from robot_policies.core.statistics import NS
from robot_policies.data import run_folder
from robot_policies.data.mcap_file import COMPRESSIONS, McapFile
from robot_policies.data.message_definitions import definition, UnknownMessageTypeError
from robot_policies.data.recording import Recording
from robot_policies.ros import topics
from robot_policies.ros.lifecycle import ManagedNode, NodeConfig
from robot_policies.ros.raw_tap import RawTap, type_name_of
from robot_policies.ros.run import run_node

_POLL_HZ = 20.0
_DISCOVERED = ('camera/*', 'features/*')
_THROTTLED = 'sensor_msgs/msg/Image'


@dataclass(frozen=True, kw_only=True)
class RecorderConfig(NodeConfig):
    """What is recorded, and where."""

    run_dir: str = param('', doc='Folder of the run; empty makes runs/<time stamp>.')
    compression: str = param('zstd', doc='Of the chunks.', choices=tuple(COMPRESSIONS))
    flush_s: float = param(
        1.0, doc='A kill costs at most this much.', unit='s', low=0.05, high=60.0
    )
    image_rate_hz: float = param(
        0.0, doc='Images kept per topic; 0 keeps all.', unit='Hz', low=0.0, high=240.0
    )
    also: tuple[str, ...] = param(
        (), doc='More topics, relative to the namespace; * is a wildcard.'
    )
    exclude: tuple[str, ...] = param((), doc='Topics to leave out; * is a wildcard.')


class RecorderNode(ManagedNode):
    """Moves messages from the network into a recording."""

    default_name = 'recorder'
    config_class = RecorderConfig
    config: RecorderConfig

    def _setup(self) -> None:
        file = self._open()
        self._path = file.path
        self._recording = Recording(file, flush_s=self.config.flush_s)
        self._taps: dict[str, RawTap] = {}
        self._kept_ns: dict[str, int] = {}
        self._unknown: set[str] = set()
        for topic in self._declared():
            self._tap(topic.name, type_name_of(topic.type), topic.qos)
        self.diagnostics.add_source(self._report)
        self.slowly(1.0, self._discover, 'discovery')
        self.slowly(1.0, self._watch, 'watch')
        self._loop = self.every(_POLL_HZ, self._poll, 'poll')
        self.get_logger().info(f'recording into {self._path}')

    def _teardown(self) -> None:
        recording = self.__dict__.pop('_recording', None)
        if recording is None:
            return
        status = recording.close()
        self._remove_taps()
        if not status.messages:  # it was never active, or nobody said anything
            self._path.unlink(missing_ok=True)
            return
        self.get_logger().info(
            f'{self._path}: {status.messages} messages, {status.bytes / 1e6:.1f} MB'
        )

    def _open(self) -> McapFile:
        folder = Path(self.config.run_dir) if self.config.run_dir else run_folder.create()
        path = run_folder.use(folder) / run_folder.RECORDING
        try:
            return McapFile(path, compression=self.config.compression, metadata=self._metadata())
        except OSError as error:
            raise run_folder.RunFolderError(f'{path}: {error.strerror or error}') from error

    def _metadata(self) -> dict[str, str]:
        """Return what a reader needs to know: robot, namespace, and topics under other names."""
        namespace = self.get_namespace()
        metadata = {'robot': self.robot.name, 'namespace': namespace}
        for topic in self._declared():
            full_name = self.resolve_topic_name(topic.name)
            if full_name not in (topic.name, f'{namespace.rstrip("/")}/{topic.name}'):
                metadata[f'remapped.{full_name}'] = topic.name
        return metadata

    def _declared(self) -> Iterator[topics.Topic]:
        yield from (value for value in vars(topics).values() if isinstance(value, topics.Topic))
        for camera in self.robot.cameras:
            yield topics.camera_image(camera.name)
            yield topics.camera_info(camera.name)

    def _tap(self, name: str, type_name: str, qos: QoSProfile) -> None:
        if any(fnmatch(name, pattern) for pattern in self.config.exclude):
            return
        try:
            definition(type_name)
            tap = RawTap(self, name, type_name, qos)
        except (UnknownMessageTypeError, ImportError) as error:
            self._unknown.add(name)
            self.get_logger().warning(f'{name} is not recorded: {error}')
            return
        self._taps[tap.topic] = tap
        self._recording.add_topic(tap.topic, type_name, reliable=tap.reliable, latched=tap.latched)

    def _discover(self) -> None:
        namespace = self.get_namespace().rstrip('/') + '/'
        for full_name, types in self.get_topic_names_and_types():
            name = full_name.removeprefix(namespace)
            known = full_name in self._taps or name in self._unknown
            wanted = any(fnmatch(name, p) for p in (*_DISCOVERED, *self.config.also))
            offers = self.get_publishers_info_by_topic(full_name) if wanted and not known else []
            if offers:
                self._tap(name, types[0], offers[0].qos_profile)

    def _poll(self) -> None:
        for tap in list(self._taps.values()):
            for message in tap.drain():
                if tap.type_name != _THROTTLED or self._is_due(tap.topic, message.received_ns):
                    self._recording.put(
                        tap.topic, message.received_ns, message.published_ns, message.data
                    )

    def _is_due(self, topic: str, now_ns: int) -> bool:
        if not self.config.image_rate_hz:
            return True
        # a tenth of a period early still counts, or 15 Hz out of 30 Hz would become 10 Hz
        period_ns = 0.9 * NS / self.config.image_rate_hz
        due = now_ns - self._kept_ns.get(topic, 0) >= period_ns
        if due:
            self._kept_ns[topic] = now_ns
        return due

    def _watch(self) -> None:
        status = self._recording.status
        if status.error and self.diagnostics.error('recording', f'stopped: {status.error}'):
            self.get_logger().error(f'recording stopped, all else goes on: {status.error}')
            self._loop.stop()
            self._remove_taps()

    def _remove_taps(self) -> None:
        taps, self._taps = self._taps, {}
        for tap in taps.values():
            self.destroy_subscription(tap.subscription)

    def _report(self) -> Mapping[str, Any]:
        if '_recording' not in self.__dict__:
            return {}
        status = self._recording.status
        return {
            'file': str(self._path),
            'messages': status.messages,
            'dropped': status.dropped,
            'size_mb': status.bytes / 1e6,
            'topics': len(self._taps),
        }


def main(args: Sequence[str] | None = None) -> int:
    """Run the node until it is told to stop; return the exit status."""
    return run_node(RecorderNode, args)


if __name__ == '__main__':
    sys.exit(main())
