"""What is done with any list."""

from django.urls import path

from xinjin.lists import views

urlpatterns = [
    path("lists/<slug:name>/export.<slug:file_format>", views.list_export, name="list_export"),
    path("lists/<slug:name>/columns/", views.list_columns, name="list_columns"),
    path("lists/<slug:name>/filters/", views.list_filters, name="list_filters"),
    path("lists/<slug:name>/filters/<int:pk>/", views.list_filter, name="list_filter"),
]
