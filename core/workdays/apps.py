from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    name = "core.workdays"
    label = "workdays"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.workdays import boards

        boards.register()
