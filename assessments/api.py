"""Reading scores and bulletins by API: the same rows, rights and figures as the pages."""

from typing import Any

from rest_framework import serializers

from assessments.cards import lines_from
from assessments.filters import AssessmentListFilter
from assessments.models import Assessment, Bulletin
from xinjin.access.api import ScopedReadViewSet


class AssessmentSerializer(serializers.ModelSerializer):
    """One person's month with its lines."""

    officer: Any = serializers.SlugRelatedField(slug_field="number", read_only=True)
    unit: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)
    station: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)
    lines = serializers.SerializerMethodField()

    class Meta:
        model = Assessment
        fields = (
            "id",
            "month",
            "officer",
            "kind",
            "unit",
            "station",
            "state",
            "remark",
            "points",
            "maximum",
            "score",
            "grade",
            "lines",
        )

    def get_lines(self, assessment: Assessment) -> list[dict[str, Any]]:
        """Points and fact of each item of the rubric; without points where it does not apply, for `reason`."""
        return [line._asdict() for line in lines_from(assessment.lines)]


class AssessmentViewSet(ScopedReadViewSet):
    """Assessments of the months; officers read their own."""

    queryset = Assessment.objects.select_related("officer", "unit", "station").order_by("-month", "id")
    serializer_class = AssessmentSerializer
    filterset_class = AssessmentListFilter


class BulletinSerializer(serializers.ModelSerializer):
    """A quarter's bulletin with its sealed snapshot."""

    class Meta:
        model = Bulletin
        fields = ("id", "quarter", "version", "state", "number", "snapshot", "sha256", "reason", "issued_at")


class BulletinViewSet(ScopedReadViewSet):
    """Bulletins that have been issued; drafts only for the brigade."""

    queryset = Bulletin.objects.order_by("-quarter", "-version")
    serializer_class = BulletinSerializer
    filterset_fields = ("quarter", "state")


ROUTES = [("assessments", AssessmentViewSet), ("bulletins", BulletinViewSet)]
