"""The pages of this app."""

from django.urls import path

from villages.views import gaps, hand_overs, households, journal, officers, villages

urlpatterns = [
    path("villages/", villages.VillageListView.as_view(), name="village_list"),
    path("villages/<slug:code>/", villages.village_detail, name="village_detail"),
    path("villages/<slug:code>/phones/", villages.village_phones, name="village_phones"),
    path("villages/<slug:code>/households/", households.household_search, name="household_search"),
    path("villages/<slug:code>/households/new/", households.household_edit, name="household_add"),
    path("villages/<slug:code>/households/reveal/", households.household_reveal, name="household_reveal"),
    path("villages/<slug:code>/households/<int:pk>/", households.household_edit, name="household_edit"),
    path("villages/<slug:code>/journal/", journal.journal, name="village_journal"),
    path("villages/<slug:code>/journal/read/", journal.journal_read_all, name="journal_read_all"),
    path("villages/<slug:code>/journal/<int:pk>/", journal.journal_entry, name="journal_entry"),
    path("villages/<slug:code>/journal/<int:pk>/read/", journal.journal_read, name="journal_read"),
    path("villages/<slug:code>/journal/<int:pk>/pin/", journal.journal_pin, name="journal_pin"),
    path("officers/", officers.OfficerListView.as_view(), name="officer_list"),
    path("officers/<slug:number>/", officers.officer_detail, name="officer_detail"),
    path("gaps/", gaps.gap_list, name="gap_list"),
    path("hand-overs/", hand_overs.HandOverList.as_view(), name="hand_over_list"),
    path("hand-overs/<int:pk>/", hand_overs.hand_over, name="hand_over"),
    path("hand-overs/<int:pk>/note/", hand_overs.hand_over_write, name="hand_over_write"),
    path("hand-overs/<int:pk>/confirm/", hand_overs.hand_over_confirm, name="hand_over_confirm"),
]
