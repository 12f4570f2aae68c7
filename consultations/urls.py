"""Public addresses of the process; the desks are registered with Wagtail's admin."""

from django.urls import include, path

app_name = "consultations"
urlpatterns = [
    path("", include("consultations.commenting.urls")),
    path("", include("consultations.report.urls")),
    path("", include("consultations.reading.urls")),
]
