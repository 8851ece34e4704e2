"""The pages of this app."""

from django.urls import path

from xinjin.jobs import views

urlpatterns = [
    path("jobs/", views.JobListView.as_view(), name="job_list"),
    path("jobs/<uuid:pk>/", views.job_detail, name="job_detail"),
    path("jobs/<uuid:pk>/result/", views.job_result, name="job_result"),
]
