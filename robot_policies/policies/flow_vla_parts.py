# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What `flow_vla` is made of: networks, tokenizer and vocabulary."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from robot_policies.core.contracts import PluginContext
from robot_policies.core.errors import CheckpointError
from robot_policies.networks.conv_trunk import ConvTrunk
from robot_policies.networks.grounding import LanguageGrounding
from robot_policies.networks.navigation_flow import NavigationFlow
from robot_policies.networks.tokenizer import Tokenizer
from robot_policies.networks.word_meaning import load_encode, WordMeaning
from torch import nn

if TYPE_CHECKING:
    from robot_policies.policies.flow_vla import FlowVlaConfig


def build_networks(config: 'FlowVlaConfig', vocabulary_size: int) -> nn.ModuleDict:
    """Return the untrained networks `trunk`, `grounding` and `flow` of a configuration."""
    trunk = ConvTrunk(
        height=config.height, width=config.width, channels=config.channels, size=config.token_size
    )
    grounding = LanguageGrounding(
        token_size=config.token_size,
        vocabulary_size=vocabulary_size,
        hidden_size=config.grounding_size,
    )
    flow = NavigationFlow(
        sectors=config.sectors,
        steps=config.steps,
        condition_size=config.condition_size,
        width=config.flow_width,
        depth=config.flow_depth,
    )
    return nn.ModuleDict({'trunk': trunk, 'grounding': grounding, 'flow': flow})


def make_tokenizer(config: 'FlowVlaConfig', vocabulary: Sequence[Sequence[str]]) -> Tokenizer:
    """Return the tokenizer of a configuration for sizes, colours and shapes."""
    tokenizer = Tokenizer(*vocabulary)
    if config.word_similarity > 0.0:
        known, similarity = tokenizer.known_words, config.word_similarity
        tokenizer.find_word = WordMeaning(known, load_encode(), similarity=similarity)
    return tokenizer


def vocabulary_of(context: PluginContext) -> tuple[list[str], list[str], list[str]]:
    """Return sizes, colours and shapes that a checkpoint knows; some without a checkpoint.

    Raises:
        CheckpointError: The checkpoint does not say.
    """
    if not (context.tensors or context.meta):
        return ['small', 'large'], ['red', 'green', 'blue'], ['ball', 'box']
    words = context.meta.get('vocabulary', {})
    missing = [name for name in ('sizes', 'colours', 'shapes') if name not in words]
    if missing:
        raise CheckpointError(f'flow_vla: meta.vocabulary has no {", ".join(missing)}')
    return list(words['sizes']), list(words['colours']), list(words['shapes'])
