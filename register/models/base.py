"""What the tables and views of the schema `public_register` have in common."""

from django.db import models


def table_of(name: str) -> str:
    return f'"public_register"."{name}"'


class PublicManager(models.Manager):
    """Reads on the public connection; its login is refused any write by the database."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().using("public")


class Readable(models.Model):
    """A table of the read model."""

    objects = models.Manager()
    public = PublicManager()

    class Meta:
        abstract = True


class PublicView(models.Model):
    """A view over what a lower floor publishes; nothing can be written through it."""

    public = PublicManager()

    class Meta:
        abstract = True
        managed = False
