"""What is done with messages. `notify` is the door for other apps; `mark_seen` where a page shows the matter itself."""

from core.messages.actions.notices import mark_seen, notify

__all__ = ["mark_seen", "notify"]
