"""The floor of page measurements; routed only when `BENCH=1`."""

from django.urls import path

from portal.bench.views import empty

urlpatterns = [path("_bench/empty", empty, name="bench-empty")]
