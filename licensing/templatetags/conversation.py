"""The conversation's summary on a case page."""

from typing import Any

from django import template
from django.utils import timezone

from core.lifecycle.dates import shanghai_date
from licensing.models import Application
from licensing.queries.conversation import context_of

register = template.Library()


@register.inclusion_tag("licensing/_conversation.html", takes_context=True)
def conversation(context: template.Context, case: Application) -> dict[str, Any]:
    """How many messages, which wait unread, until when a reply is due; empty for whom it is closed."""
    return context_of(case, context["request"].standing, shanghai_date(timezone.now()))
