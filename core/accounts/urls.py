"""Routes of one's own account beside those of allauth."""

from django.urls import path

from core.accounts.views import home

app_name = "accounts"
urlpatterns = [path("", home.home, name="home")]
