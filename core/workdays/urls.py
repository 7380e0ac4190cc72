from django.urls import path

from core.workdays import views

app_name = "workdays"
urlpatterns = [
    path("", views.calendars, name="calendars"),
    path("<str:scope>/<int:year>/", views.year, name="year"),
    path("<str:scope>/<int:year>/edit/", views.edit, name="edit"),
]
