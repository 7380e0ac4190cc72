"""Pages under /accounts/tokens/."""

from django.urls import path

from core.rest import views

app_name = "api"
urlpatterns = [
    path("", views.tokens, name="tokens"),
    path("new/", views.issue, name="issue"),
    path("<uuid:public_id>/revoke/", views.revoke, name="revoke"),
]
