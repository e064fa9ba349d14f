# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Encodes a camera's images: `camera/<name>/image_raw` in, `features/<encoder>` out."""

from collections.abc import Sequence
from dataclasses import dataclass
import sys
import time
from typing import Any

from diagnostic_msgs.msg import DiagnosticStatus, KeyValue
from robot_policies.core.contracts import Encoder
from robot_policies.core.data_types import Features, Image
from robot_policies.core.errors import ConfigError
from robot_policies.core.params import param
from robot_policies.core.picture_novelty import PictureNovelty
from robot_policies.core.picture_summary import PARTS
from robot_policies.core.probe import check_encoder
from robot_policies.core.robot import RobotSpec
from robot_policies.core.worker import LatestWinsWorker
from robot_policies.resources import load_checkpoint, weights_digest
from robot_policies.ros import topics
from robot_policies.ros.codecs.images import features_to_msg, image_from_msg
from robot_policies.ros.codecs.novelty import novelty_to_msg
from robot_policies.ros.lifecycle import ManagedNode
from robot_policies.ros.plugin_source import declare_plugin
from robot_policies.ros.run import run_node
from robot_policies.ros.tracing import TracedConfig, Tracer

PREFIX = 'encoder_'


@dataclass(frozen=True, kw_only=True)
class EncoderNodeConfig(TracedConfig):
    """Which camera, and what to call the result."""

    camera: str = param('front', doc='Camera whose images are encoded.')
    name: str = param(
        '', doc='The result is features/<name>; by default the node name without encoder_.'
    )
    novelty: str = param(
        '', doc='Checkpoint that says how novel the pictures are, on `novelty`; empty: not said.'
    )


class EncoderNode(ManagedNode):
    """Encodes every image, or the newest one where images come faster than it encodes.

    The features carry the image's stamp, so that whoever uses them knows how old they are.
    """

    default_name = 'encoder_image'
    config_class = EncoderNodeConfig
    config: EncoderNodeConfig
    encoder: Encoder

    def _setup(self) -> None:
        try:
            camera = self.robot.camera(self.config.camera)
        except KeyError as error:
            raise ConfigError('camera', [str(error.args[0])]) from None
        loaded = declare_plugin(self.parameters, 'encoder.', 'encode', self.robot)
        check_encoder(loaded.plugin, camera, loaded.label)
        self.encoder = loaded.plugin
        name = self.config.name or self.get_name().removeprefix(PREFIX)
        self._running = False
        self._trace = Tracer(self)
        self._topic = topics.features(name)
        self._features = self.publisher(self._topic)
        self._detector: PictureNovelty | None = None
        if self.config.novelty:
            self._detector = _detector(self.config.novelty, loaded.label, self.robot)
            self._novelty = self.publisher(topics.NOVELTY)
        self._worker: LatestWinsWorker[Any] = LatestWinsWorker(self._encode, self._failed, name)
        self.own(self._worker.close)
        self._encode_ms = self.diagnostics.window_ms('encode')
        self._age_ms = self.diagnostics.window_ms('features_age')
        self._encoded = self.diagnostics.meter('features')
        self.diagnostics.add_source(
            lambda: {'encoder': loaded.label, 'images_skipped': self._worker.replaced}
        )
        self.listen(topics.camera_image(self.config.camera), self._on_image)

    def _start(self) -> None:
        self._running = True

    def _stop(self) -> None:
        self._running = False
        self._worker.wait_idle(1.0)

    def _on_image(self, message: Any) -> None:  # noqa: ANN401
        if self._running:
            self._worker.submit(message)

    def _encode(self, message: Any) -> None:  # noqa: ANN401
        """Encode one image; in the worker's thread."""
        started_ns, begin_ns = time.perf_counter_ns(), self.now_ns()
        picture = image_from_msg(message)
        features = self.encoder.encode(picture)
        self._encode_ms.add((time.perf_counter_ns() - started_ns) / 1e6)
        if not self._running:
            return
        self._features.publish(features_to_msg(features, self._topic.type()))
        image = (topics.camera_image(self.config.camera).name, features.stamp_ns)
        self._trace.note(self._topic.name, features.stamp_ns, begin_ns, (image,))
        if self._detector is not None:
            self._say_novelty(self._detector, picture, features)
        self._age_ms.add((self.now_ns() - features.stamp_ns) / 1e6)
        self._encoded.add()
        self.diagnostics.clear('encode')

    def _say_novelty(self, detector: PictureNovelty, picture: Image, features: Features) -> None:
        novelty = detector.judge(picture, features)
        message = topics.NOVELTY.type()
        name = self.config.novelty
        self._novelty.publish(
            novelty_to_msg(novelty, name, message, DiagnosticStatus(), KeyValue())
        )

    def _failed(self, _message: Any, error: Exception) -> None:  # noqa: ANN401
        words = f'an image of {self.config.camera} was not encoded: {error}'
        if self.diagnostics.error('encode', words):
            self.get_logger().error(words)


def _detector(checkpoint: str, encoder: str, robot: RobotSpec) -> PictureNovelty:
    """Return the detector of a checkpoint, if what it knows are the features of this encoder."""
    _, _, context = load_checkpoint(checkpoint, robot)
    fitted = context.meta.get('encoder_weights')
    if fitted is not None and fitted != weights_digest(encoder):
        problem = (
            f'{checkpoint} knows the features of {context.meta.get("encoder")} as it was then, '
            f'not those of {encoder}: fit it anew (robot-policies train), or leave it empty'
        )
        raise ConfigError('novelty', [problem])
    parts = context.meta.get('parts')
    if parts != list(PARTS):
        problem = (
            f'{checkpoint} judges {" and ".join(parts or ["vectors without parts"])}, expected '
            f'{" and ".join(PARTS)} of a picture: fit it anew (robot-policies train), or leave it '
            'empty'
        )
        raise ConfigError('novelty', [problem])
    return PictureNovelty(context)


def main(args: Sequence[str] | None = None) -> int:
    """Run the node; the exit status is that of `run_node`."""
    return run_node(EncoderNode, args)


if __name__ == '__main__':
    sys.exit(main())
