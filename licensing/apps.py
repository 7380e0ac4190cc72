from django.apps import AppConfig


class LicensingConfig(AppConfig):
    name = "licensing"
    label = "licensing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from certificates.status import register_lookup
        from core.lifecycle.registry import registry
        from licensing import boards
        from licensing.queries.licences import standing_of_licence
        from licensing.todos import todos

        register_lookup(standing_of_licence)
        registry.todo("licensing", todos)
        boards.register()
