"""What an analysis covers: a village, a station, or all that its reader sees; and the rows of it."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from villages.models import Unit, Village


@dataclass(frozen=True)
class Scope:
    """The rows of `user` in a village or a station. Without a user they are all: a verb asks for its own village."""

    user: Any = None
    village: Village | None = None
    station: Unit | None = None

    def rows(self, model: Any) -> QuerySet:
        """The rows of a model with a village that lie in the scope."""
        rows = model.objects.all() if self.user is None else model.objects.allowed(self.user)
        if self.village is not None:
            return rows.filter(village=self.village)
        if self.station is not None:
            return rows.filter(village__station=self.station)
        return rows

    def villages(self) -> QuerySet:
        """The villages of the scope, also those that exist no more."""
        rows = Village.objects.all() if self.user is None else Village.objects.allowed(self.user)
        if self.village is not None:
            return rows.filter(pk=self.village.pk)
        if self.station is not None:
            return rows.filter(station=self.station)
        return rows

    @property
    def query(self) -> dict[str, str]:
        """The scope as lists name it in their address."""
        if self.village is not None:
            return {"village": self.village.code}
        return {"station": self.station.code} if self.station is not None else {}

    @property
    def issuer(self) -> str:
        """Whose analysis it is: the station's, the bureau's, or of the unit whose leader sees some of the villages."""
        if self.village is not None:
            return self.village.station.name
        whole = Village.objects.filter(station=self.station) if self.station else Village.objects.all()
        if not whole.exclude(pk__in=self.villages().values("pk")).exists():
            return self.station.name if self.station else settings.BUREAU_NAME
        unit = Unit.objects.filter(officers__user=self.user).first()
        return unit.name if unit else settings.BUREAU_NAME

    @property
    def name(self) -> str:
        """The village or the station; empty for all."""
        place = self.village or self.station
        return place.name if place is not None else ""
