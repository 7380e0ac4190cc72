"""What is done with messages. `notify` is the door for other apps; `mark_seen` where a page shows the matter itself,
`mark_told` where it shows one act of it."""

from core.messages.actions.notices import mark_seen, mark_told, notify

__all__ = ["mark_seen", "mark_told", "notify"]
