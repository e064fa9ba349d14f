# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How novel a picture is: what a checkpoint of `train go2_camera_novelty` knows."""

from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import Features, Image
from robot_policies.core.novelty import Novelty, NoveltyDetector
from robot_policies.core.patch_memory import PatchMemory
from robot_policies.core.picture_summary import picture_summary


class PictureNovelty:
    """Summarises pictures and judges the summaries.

    Attributes:
        detector: Of the summaries.
    """

    def __init__(self, context: PluginContext) -> None:
        """Take up a checkpoint.

        Args:
            context: Its tensors, and in `meta` the `thresholds` and `parts`.

        Raises:
            CheckpointError: A tensor is missing or does not fit, or a threshold is none.
        """
        self.detector = NoveltyDetector.of_checkpoint(context)
        self._memory = PatchMemory(context.tensors)

    def summary(self, image: Image, features: Features) -> FloatArray:
        """Return (d,) what is judged of a picture and what the encoder made of it."""
        return picture_summary(image.pixels, features.tokens, self._memory)

    def judge(self, image: Image, features: Features) -> Novelty:
        """Return how novel a picture is, with its stamp."""
        return self.detector.judge(self.summary(image, features), features.stamp_ns)
