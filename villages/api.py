"""Villages and people for other systems of the bureau; read only, without personal phones and households."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from villages.choices import Slot
from villages.filters import OfficerFilter, VillageFilter
from villages.models import Officer, Village
from villages.people import with_people
from xinjin.access.api import ScopedReadViewSet


class VillageSerializer(serializers.ModelSerializer):
    """A village with the people who hold its places today."""

    township = serializers.CharField(source="township.name")
    township_code = serializers.CharField(source="township.code")
    station = serializers.CharField(source="station.name")
    station_code = serializers.CharField(source="station.code")
    officer = serializers.SerializerMethodField()
    auxiliary = serializers.SerializerMethodField()

    class Meta:
        model = Village
        fields = [
            "code", "name", "official_name", "kind", "township", "township_code", "station", "station_code",
            "valid_from", "valid_to", "officer", "auxiliary",
        ]  # fmt: skip

    def get_officer(self, village: Any) -> str | None:
        """The number of the officer responsible today; null is a gap (R1)."""
        return self._holder(village, Slot.OFFICER)

    def get_auxiliary(self, village: Any) -> str | None:
        """The number of the auxiliary today; null is a gap (R1)."""
        return self._holder(village, Slot.AUXILIARY)

    def _holder(self, village: Any, slot: Slot) -> str | None:
        return next((a.officer.number for a in village.present if a.slot == slot), None)


class OfficerSerializer(serializers.ModelSerializer):
    """A person on the roster."""

    unit = serializers.CharField(source="unit.name")
    unit_code = serializers.CharField(source="unit.code")

    class Meta:
        model = Officer
        fields = ["number", "name", "kind", "unit", "unit_code", "post", "state"]


class VillageViewSet(ScopedReadViewSet):
    """The villages that the user may see."""

    queryset = Village.objects.all()
    serializer_class = VillageSerializer
    filterset_class = VillageFilter
    lookup_field = "code"
    lookup_value_regex = r"\d{12}"

    def get_queryset(self) -> Any:
        rows = super().get_queryset().select_related("township", "station")
        return with_people(rows, timezone.localdate()).order_by("code")


class OfficerViewSet(ScopedReadViewSet):
    """The people whom the user may see."""

    queryset = Officer.objects.select_related("unit").order_by("number")
    serializer_class = OfficerSerializer
    filterset_class = OfficerFilter
    lookup_field = "number"
    lookup_value_regex = "[0-9A-Za-z]+"


ROUTES = [("villages", VillageViewSet), ("officers", OfficerViewSet)]
