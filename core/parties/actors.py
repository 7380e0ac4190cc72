"""A user as the actor of an act: name and organisation as they are on the day."""

from core.lifecycle.actors import Actor
from core.parties.competence import Standing
from core.parties.models import User


def actor_of(user: User, standing: Standing) -> Actor:
    """The actor behind a signed-in user; the organisation is the authority served, else the enterprise."""
    if standing.duties:
        code, label = standing.duties[0].authority_code, standing.duties[0].authority_name
    elif standing.memberships:
        code, label = standing.memberships[0].uscc, standing.memberships[0].enterprise_name
    else:
        code, label = "", ""
    return Actor("user", str(user.public_id), user.name, code, label, user.pk)
