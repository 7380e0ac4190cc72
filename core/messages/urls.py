"""Pages of one's own inbox. A message lives under its unguessable id, and opens for its reader alone."""

from django.urls import path

from core.messages import views

app_name = "inbox"
urlpatterns = [
    path("", views.inbox_page, name="list"),
    path("read/", views.read_all, name="read_all"),
    path("settings/", views.wishes, name="settings"),
    path("settings/phone/", views.phone, name="phone"),
    path("settings/phone/confirm/", views.phone_code, name="phone_code"),
    path("settings/phone/remove/", views.phone_remove, name="phone_remove"),
    path("settings/webhook/", views.webhook_address, name="webhook"),
    path("settings/webhook/remove/", views.webhook_remove, name="webhook_remove"),
    path("<uuid:public_id>/", views.message_page, name="message"),
    path("<uuid:public_id>/open/", views.open_message, name="open"),
    path("<uuid:public_id>/read/", views.read_one, name="read"),
]
