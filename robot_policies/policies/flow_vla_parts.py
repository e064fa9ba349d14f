# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What `flow_vla` is made of: its configuration, networks, tokenizer and vocabulary."""

from collections.abc import Sequence
from dataclasses import dataclass

from robot_policies.core.contracts import PluginContext
from robot_policies.core.errors import CheckpointError
from robot_policies.core.params import param
from robot_policies.networks.conv_trunk import ConvTrunk
from robot_policies.networks.grounding import LanguageGrounding
from robot_policies.networks.navigation_flow import NavigationFlow
from robot_policies.networks.tokenizer import Tokenizer
from robot_policies.networks.word_meaning import load_encode, WordMeaning
from torch import nn


@dataclass(frozen=True, kw_only=True)
class FlowVlaConfig:
    """Sizes, fixed by the checkpoint, and what may be chosen when it runs."""

    source: str = param(
        'camera/front', doc='Where pictures come from: camera/<name>, or features/<encoder>.'
    )
    camera: str = param('front', doc='Camera whose view the features or pictures show.')
    height: int = param(120, doc='Rows of the reduced picture.', unit='px', low=8, high=1024)
    width: int = param(160, doc='Columns of the reduced picture.', unit='px', low=8, high=1024)
    channels: tuple[int, ...] = param((16, 32, 48), doc='Widths of the trunk.', low=1, high=512)
    token_size: int = param(48, doc='Length of an image token.', low=1, high=512)
    grounding_size: int = param(64, doc='Width of the grounding head.', low=1, high=512)
    sectors: int = param(72, doc='Sectors of the scan.', low=4, high=720)
    steps: int = param(16, doc='Actions in a chunk.', low=1, high=100)
    dt_s: float = param(0.1, doc='Time per action.', unit='s', low=0.01, high=1.0)
    condition_size: int = param(128, doc='Length of the condition.', low=1, high=1024)
    flow_width: int = param(192, doc='Width of the flow.', low=1, high=2048)
    flow_depth: int = param(3, doc='Blocks of the flow.', low=1, high=20)
    solver_steps: int = param(5, doc='Steps from noise to a chunk.', low=1, high=100)
    candidates: int = param(8, doc='Chunks sampled to choose from.', low=1, high=256)
    reach_m: float = param(
        0.78, doc='Base to surface: nearer is arrived.', unit='m', low=0.1, high=5.0
    )
    look_turns: int = param(
        2, doc='Full turns before a thing is said to be absent.', low=1, high=5
    )
    seed: int = param(0, doc='Seed of the noise that chunks are made of.', low=0)
    word_similarity: float = param(
        0.0,
        doc='Unknown words count as the known one whose sentence embedding has at least this '
        'cosine, e.g. 0.82 (needs the extra `sentence`); 0: they are refused.',
        low=0.0,
        high=1.0,
    )


def build_networks(config: FlowVlaConfig, vocabulary_size: int) -> nn.ModuleDict:
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


def make_tokenizer(config: FlowVlaConfig, vocabulary: Sequence[Sequence[str]]) -> Tokenizer:
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
