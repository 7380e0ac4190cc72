"""Routes of the pages that belong to no application."""

from django.urls import path

from portal import pages

app_name = "portal"
urlpatterns = [
    path("desk/", pages.desk, name="desk"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("style/", pages.style, name="style"),
]
