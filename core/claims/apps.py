from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "core.claims"
    label = "claims"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.claims.todos import waiting
        from core.lifecycle.registry import registry

        registry.todo("claims", waiting)
