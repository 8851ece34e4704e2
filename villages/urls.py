"""The pages of this app."""

from django.urls import path

from villages import gap_views, hand_over_views, views

urlpatterns = [
    path("villages/", views.VillageListView.as_view(), name="village_list"),
    path("villages/<slug:code>/", views.village_detail, name="village_detail"),
    path("villages/<slug:code>/households/", views.household_search, name="household_search"),
    path("villages/<slug:code>/households/new/", views.household_edit, name="household_add"),
    path("villages/<slug:code>/households/<int:pk>/", views.household_edit, name="household_edit"),
    path("gaps/", gap_views.gap_list, name="gap_list"),
    path("hand-overs/", hand_over_views.HandOverList.as_view(), name="hand_over_list"),
    path("hand-overs/<int:pk>/", hand_over_views.hand_over, name="hand_over"),
    path("hand-overs/<int:pk>/note/", hand_over_views.hand_over_write, name="hand_over_write"),
    path("hand-overs/<int:pk>/confirm/", hand_over_views.hand_over_confirm, name="hand_over_confirm"),
]
