"""The pages of this app."""

from django.urls import path

from patrols.views import base_info, cases, coverage, inbox, ledger, overdue, overview, photos, reports, today, visits

urlpatterns = [
    path("visits/", visits.VisitListView.as_view(), name="visit_list"),
    path("visits/new/", visits.visit_new, name="visit_new"),
    path("visits/<uuid:pk>/", visits.visit_detail, name="visit_detail"),
    path("visits/<uuid:pk>/edit/", visits.VisitEditView.as_view(), name="visit_edit"),
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
    path("ledger/", ledger.LedgerView.as_view(), name="ledger"),
    path("ledger/stations/", ledger.ledger_stations, name="ledger_stations"),
    path("ledger/new/", cases.case_new, name="case_new"),
    path("ledger/<uuid:pk>/", cases.case_detail, name="case_detail"),
    path("ledger/<uuid:pk>/notice/", cases.case_notice, name="case_notice"),
    path("ledger/<uuid:pk>/<slug:act>/", cases.case_act, name="case_act"),
    path("base-info/", base_info.BaseInfoList.as_view(), name="base_info_list"),
    path("base-info/new/", base_info.base_info_new, name="base_info_new"),
    path("base-info/forward/", base_info.base_info_forward, name="base_info_forward"),
    path("base-info/<uuid:pk>/check/", base_info.base_info_check, name="base_info_check"),
    path("inbox/", inbox.InboxView.as_view(), name="inbox"),
    path("inbox/read/", inbox.inbox_read_all, name="inbox_read_all"),
    path("inbox/<int:pk>/read/", inbox.inbox_read, name="inbox_read"),
]
