"""Pages of the workbench. The list itself is `licensing:work`, where it has always been."""

from django.urls import path

from licensing.workbench.views import bulk, lists, notes, saved, search, team

app_name = "workbench"

urlpatterns = [
    path("search/", search.search, name="search"),
    path("work/export/", lists.export, name="export"),
    path("work/keys/", lists.keys, name="keys"),
    path("work/team/", team.team, name="team"),
    path("work/views/", saved.views, name="views"),
    path("work/views/<uuid:public_id>/", saved.change, name="view"),
    path("work/bulk/", bulk.bulk, name="bulk"),
    path("work/bulk/accept/", bulk.accept_many, name="bulk_accept"),
    path("work/bulk/assign/", bulk.assign_many, name="bulk_assign"),
    path("cases/<uuid:public_id>/notes/", notes.notes, name="notes"),
    path("work/notes/<uuid:public_id>/withdraw/", notes.withdraw, name="note_withdraw"),
    path("work/notes/<uuid:public_id>/pin/", notes.pin, name="note_pin"),
]
