# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Torch building blocks shared by every learned part: trunks, heads, tokenizers, samplers."""
