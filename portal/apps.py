from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal import boards
        from portal.grants import grant_after_migrate

        boards.register()
        post_migrate.connect(grant_after_migrate, sender=self)
