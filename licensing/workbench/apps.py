from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "licensing.workbench"
    label = "workbench"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.lifecycle.registry import registry
        from licensing.workbench import panels

        registry.panel("workbench.notes", "workbench/panel_notes.html", panels.notes)
        registry.panel("workbench.related", "workbench/panel_related.html", panels.related)
