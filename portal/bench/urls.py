"""The portal's routes and one more: the floor of page measurements. Used by `portal.bench.wsgi` alone."""

from django.urls import path

from portal.bench.views import empty
from portal.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [path("_bench/empty", empty, name="bench-empty"), *urlpatterns]
