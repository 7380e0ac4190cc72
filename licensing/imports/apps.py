from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "licensing.imports"
    label = "imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.lifecycle.registry import registry
        from licensing.imports.todos import todos

        registry.todo("imports", todos)
