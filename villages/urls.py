"""The pages of this app."""

from django.urls import path

from villages import views

urlpatterns = [
    path("villages/", views.VillageListView.as_view(), name="village_list"),
    path("villages/<slug:code>/", views.village_detail, name="village_detail"),
    path("villages/<slug:code>/households/", views.household_search, name="household_search"),
    path("villages/<slug:code>/households/new/", views.household_edit, name="household_add"),
    path("villages/<slug:code>/households/<int:pk>/", views.household_edit, name="household_edit"),
]
