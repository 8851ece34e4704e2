"""Visits, photos, cases and reports for other systems: the same rows, rights, verbs and masks as on the pages."""

from patrols.api.cases import CaseViewSet
from patrols.api.photos import PhotoViewSet
from patrols.api.reports import WorkReportViewSet
from patrols.api.visits import VisitViewSet

ROUTES = [("visits", VisitViewSet), ("photos", PhotoViewSet), ("cases", CaseViewSet), ("reports", WorkReportViewSet)]
