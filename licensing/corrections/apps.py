from django.apps import AppConfig


class CorrectionsConfig(AppConfig):
    name = "licensing.corrections"
    label = "corrections"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.lifecycle.registry import registry
        from licensing.corrections.queries import panel
        from licensing.corrections.todos import todos

        registry.todo("corrections", todos)
        registry.panel("corrections", "corrections/_panel.html", panel)
