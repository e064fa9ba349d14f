# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Messages to values and back.

Reading is duck-typed: anything with the message's fields is accepted, so that the codecs work on
messages of rclpy, of a recording, or of a test. No module here imports rclpy or a message
package; a writing codec fills the message object that it is given. Whatever does not fit raises
`CodecError` and nothing is guessed.
"""
