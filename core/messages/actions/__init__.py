"""What is done with messages. `notify` is the one door for other apps."""

from core.messages.actions.notices import notify

__all__ = ["notify"]
