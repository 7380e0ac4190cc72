"""Everything below `/api/v1/` that machines read: the interface of each app, and its description."""

from django.urls import include, path

from core.rest.me import Me
from portal import api_docs

app_name = "api-v1"
urlpatterns = [
    path("me/", Me.as_view(), name="me"),
    path("", include("register.api_urls")),
    path("", include("licensing.api.urls")),
    path("", include("licensing.corrections.api_urls")),
    path("", include("licensing.imports.api_urls")),
    path("", include("licensing.workbench.api.urls")),
    path("schema/", api_docs.schema, name="schema"),
]
