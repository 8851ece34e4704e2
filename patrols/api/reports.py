"""Work reports; read only."""

from rest_framework import serializers

from patrols.models import WorkReport
from xinjin.access.api import ScopedReadViewSet


class WorkReportSerializer(serializers.ModelSerializer):
    """A weekly or monthly report."""

    officer = serializers.CharField(source="officer.number")
    officer_name = serializers.CharField(source="officer.name")
    addressee = serializers.CharField(source="addressee.name")

    class Meta:
        model = WorkReport
        fields = [
            "id", "kind", "period", "officer", "officer_name", "addressee", "state", "due_on", "submitted_at",
            "is_late", "figures", "summary", "problems", "plan", "comment", "instructions", "reviewed_at",
        ]  # fmt: skip


class WorkReportViewSet(ScopedReadViewSet):
    """The reports that the user may see, newest first."""

    queryset = WorkReport.objects.select_related("officer", "addressee").order_by("-period_end_on", "kind", "id")
    serializer_class = WorkReportSerializer
