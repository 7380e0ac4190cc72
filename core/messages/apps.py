from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "core.messages"
    label = "messages_"
    default_auto_field = "django.db.models.BigAutoField"
