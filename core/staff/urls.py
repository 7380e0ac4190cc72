"""Pages about the people of an authority."""

from django.urls import path

from core.staff.views import acts, people, resets, windows

app_name = "staff"
PERSON = "people/<uuid:public_id>/"

urlpatterns = [
    path("", people.people, name="people"),
    path("new/", acts.create, name="create"),
    path("window/", windows.window, name="window"),
    path("subordinates/", people.subordinates, name="subordinates"),
    path(PERSON, people.person, name="person"),
    path(f"{PERSON}duties/new/", acts.grant, name="grant"),
    path(f"{PERSON}duties/end/", acts.end, name="end"),
    path(f"{PERSON}leave/", acts.leave, name="leave"),
    path(f"{PERSON}hand-over/", acts.hand_over, name="hand_over"),
    path(f"{PERSON}absence/", acts.absence, name="absence"),
    path(f"{PERSON}absence/end/", acts.end_absence, name="end_absence"),
    path(f"{PERSON}invite/", acts.invite, name="invite"),
    path(f"{PERSON}reinstate/", acts.reinstate, name="reinstate"),
    path(f"{PERSON}second-factor/", resets.propose, name="propose_reset"),
    path("resets/<uuid:public_id>/", resets.reset, name="reset"),
]
