"""Pages under /enterprise/."""

from django.urls import path

from core.claims.views import agents, desk, identity, mine

app_name = "claims"
urlpatterns = [
    path("", mine.index, name="mine"),
    path("claim/", mine.new, name="new"),
    path("claims/<uuid:public_id>/", mine.claim, name="claim"),
    path("claims/<uuid:public_id>/authorisation/", mine.authorisation, name="authorisation"),
    path("claims/<uuid:public_id>/statement/", mine.statement, name="statement"),
    path("claims/<uuid:public_id>/withdraw/", mine.withdraw, name="withdraw"),
    path("claims/<uuid:public_id>/documents/<str:slot>/", desk.document, name="document"),
    path("claims/<uuid:public_id>/admit/", agents.admit, name="admit"),
    path("claims/<uuid:public_id>/decline/", agents.decline, name="decline"),
    path("claims/<uuid:public_id>/identity/", identity.start, name="identity"),
    path("identity/", identity.arrive, name="identity_return"),
    path("reviews/", desk.review_list, name="review_list"),
    path("reviews/<uuid:public_id>/", desk.review, name="review"),
    path("<uuid:public_id>/agents/", agents.index, name="agents"),
    path("<uuid:public_id>/agents/power/", agents.grant, name="grant"),
    path("<uuid:public_id>/agents/remove/", agents.remove, name="remove_agent"),
    path("powers/<uuid:public_id>/renew/", agents.renew, name="renew"),
    path("powers/<uuid:public_id>/revoke/", agents.revoke, name="revoke"),
    path("invitations/<uuid:public_id>/accept/", mine.accept_invitation, name="accept_invitation"),
    path("invitations/<uuid:public_id>/decline/", mine.decline_invitation, name="decline_invitation"),
    path("invitations/<uuid:public_id>/withdraw/", agents.withdraw_invitation, name="withdraw_invitation"),
]
