"""Routes of the pages that belong to no application."""

from django.urls import path

from portal import api_docs, desk, pages

app_name = "portal"
urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("style/", pages.style, name="style"),
    path("api/v1/docs/", api_docs.docs, name="api_docs"),
    path("api/v1/docs/errors/", api_docs.errors, name="api_errors"),
]
