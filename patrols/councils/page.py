"""What the pages of a council show of the month's situation and of measures: as it stands, or as it was heard."""

from collections import Counter
from datetime import date
from typing import Any

from django.utils import timezone

from patrols.choices import MeasureState
from patrols.councils.measures import carried
from patrols.models import CouncilMeasure, CouncilMeeting
from patrols.situation.counting import BY_VILLAGE
from patrols.situation.figures import Figures, Situation, situation
from patrols.situation.scope import Scope


def situation_of(user: Any, meeting: CouncilMeeting) -> Situation:
    """The situation that a council hears; frozen once it was handed in."""
    scope = Scope(user, village=meeting.village)
    if meeting.is_draft:
        return situation(scope, meeting.analysed, timezone.localdate())
    day = date.fromisoformat(meeting.figures["as_of"])
    return Situation(meeting.analysed, scope, day, Figures(Counter(meeting.figures["tally"])), [], BY_VILLAGE)


def heard_measures(meeting: CouncilMeeting) -> list[dict[str, Any]]:
    """The measures of earlier councils as this one heard of them, each with its state in words and its badge."""
    return [
        {**row, "label": str(MeasureState(row["state"]).label), "badge": MeasureState(row["state"]).badge}
        for row in meeting.figures.get("measures", ())
    ]


def measures_with_rights(user: Any, measures: list[CouncilMeasure]) -> list[tuple[CouncilMeasure, bool]]:
    """The measures, each with whether the user may end it."""
    keys = [measure.pk for measure in measures if measure.is_open]
    able = set(CouncilMeasure.objects.allowed(user, "end").filter(pk__in=keys).values_list("pk", flat=True))
    return [(measure, measure.pk in able) for measure in measures]


__all__ = ["carried", "heard_measures", "measures_with_rights", "situation_of"]
