"""What follows a posted notice: its other channels are planned here and sent once that is committed."""

from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.messages.actions.notices import POSTED
from core.messages.actions.sending import plan, send_batch
from core.outbox.subscriptions import Heard, subscribe


@subscribe(POSTED, name="messages.send")
def plan_and_send(heard: Heard) -> None:
    """Plan the deliveries of a batch; send them after commit. What fails or is lost the regular round makes good."""
    at, batch = timezone.now(), UUID(heard.subject.id)
    plan(batch=batch, at=at)
    transaction.on_commit(partial(send_batch, batch=batch, at=at), robust=True)
