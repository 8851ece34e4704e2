"""The pages of this app."""

from django.urls import path

from patrols.views import coverage, drafts, inbox, overdue, overview, photos, reports, today, versions, visits

urlpatterns = [
    path("visits/", visits.VisitListView.as_view(), name="visit_list"),
    path("visits/new/", visits.visit_new, name="visit_new"),
    path("visits/<uuid:pk>/", visits.visit_detail, name="visit_detail"),
    path("visits/<uuid:pk>/edit/", visits.VisitEditView.as_view(), name="visit_edit"),
    path("visits/<uuid:pk>/autosave/", drafts.visit_autosave, name="visit_autosave"),
    path("visits/<uuid:pk>/households/", drafts.visit_households, name="visit_households"),
    path("visits/<uuid:pk>/versions/", versions.visit_versions, name="visit_versions"),
    path("visits/<uuid:pk>/notes/", versions.visit_note, name="visit_note"),
    path("visits/<uuid:pk>/photos/", photos.visit_photos, name="visit_photos"),
    path("visits/<uuid:pk>/return/", visits.visit_return, name="visit_return"),
    path("visits/<uuid:pk>/discard/", visits.visit_discard, name="visit_discard"),
    path("photos/<uuid:pk>/", photos.photo_file, name="photo_file"),
    path("photos/<uuid:pk>/remove/", photos.photo_remove, name="photo_remove"),
    path("today/", today.today, name="today"),
    path("overview/", overview.overview, name="overview"),
    path("overview/coverage.svg", overview.overview_chart, name="overview_chart"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("coverage/<slug:code>/<slug:week>/", coverage.coverage_cell, name="coverage_cell"),
    path("reports/", reports.ReportList.as_view(), name="report_list"),
    path("reports/new/", reports.report_new, name="report_new"),
    path("reports/overdue/", overdue.report_overdue, name="report_overdue"),
    path("reports/<int:pk>/", reports.report_detail, name="report_detail"),
    path("reports/<int:pk>/review/", reports.report_review, name="report_review"),
    path("reports/<int:pk>/return/", reports.report_return, name="report_return"),
    path("reports/<int:pk>/records/<slug:key>/", reports.report_records, name="report_records"),
    path("inbox/", inbox.InboxView.as_view(), name="inbox"),
    path("inbox/read/", inbox.inbox_read_all, name="inbox_read_all"),
    path("inbox/<int:pk>/read/", inbox.inbox_read, name="inbox_read"),
]
