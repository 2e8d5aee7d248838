"""Stages of the work, for whoever wants to show them."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from lantian.language import Message

Stage = Callable[[Message], AbstractContextManager[object]]
"""Opened around each stage of the work, with its name."""


def silent(stage: Message) -> AbstractContextManager[object]:
    """Tell nobody that a stage runs."""
    return nullcontext()
