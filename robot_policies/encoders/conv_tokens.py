# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Camera picture to a grid of image tokens, knowing no language, so that it can run on its own."""

from dataclasses import dataclass
from typing import ClassVar

from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import Features, Image
from robot_policies.core.params import param
from robot_policies.networks.conv_trunk import ConvTrunk, reduce_picture
from robot_policies.networks.weights import load_weights
import torch


@dataclass(frozen=True, kw_only=True)
class ConvTokensConfig:
    """Shape of the trunk; a checkpoint fixes it."""

    height: int = param(
        120, doc='Rows that the picture is reduced to.', unit='px', low=8, high=1024
    )
    width: int = param(
        160, doc='Columns that the picture is reduced to.', unit='px', low=8, high=1024
    )
    channels: tuple[int, ...] = param(
        (16, 32, 48), doc='Widths of the three halvings of the resolution.', low=1, high=512
    )
    token_size: int = param(48, doc='Length of a token.', low=1, high=512)

    def trunk(self) -> ConvTrunk:
        """Build the trunk that this configuration describes."""
        return ConvTrunk(
            height=self.height, width=self.width, channels=self.channels, size=self.token_size
        )


class ConvTokens:
    """One token per 8×8 pixels of the reduced picture, row by row from the top left."""

    config_class: ClassVar[type] = ConvTokensConfig

    def __init__(self, config: ConvTokensConfig, context: PluginContext) -> None:
        """Build the trunk and load its weights, named `trunk.…` in the checkpoint.

        Without weights it starts from a fixed seed: useful to time it, not to see with.

        Args:
            config: Shape of the trunk.
            context: Holds the weights.

        Raises:
            CheckpointError: A weight is missing, extra or of another shape.
        """
        self._config = config
        with torch.random.fork_rng():
            torch.manual_seed(0)
            self._trunk = config.trunk().eval().requires_grad_(False)
        if context.tensors:
            load_weights(self._trunk, context.tensors, where='conv_tokens', prefix='trunk.')

    def encode(self, frame: Image) -> Features:
        """Return the tokens of one picture, with its stamp.

        Args:
            frame: A picture of the trunk's aspect ratio, at least as large as it.

        Returns:
            (rows·columns, token_size) tokens.

        Raises:
            ValueError: The picture has another aspect ratio or is too small.
        """
        picture = reduce_picture(
            frame.pixels, height=self._config.height, width=self._config.width
        )
        with torch.inference_mode():
            tokens = self._trunk(picture)[0]
        return Features(frame.stamp_ns, tokens.numpy())
