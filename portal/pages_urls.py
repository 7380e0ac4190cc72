"""Routes of the pages that belong to no application."""

from django.urls import path

from portal import pages

app_name = "portal"
urlpatterns = [
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("style/", pages.style, name="style"),
]
