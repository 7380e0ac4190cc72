"""Everything below /accounts/. Which pages of allauth are open, and to whom, stands in `core.accounts.urls`."""

from django.urls import include, path

urlpatterns = [path("tokens/", include("core.rest.urls")), path("", include("core.accounts.urls"))]
