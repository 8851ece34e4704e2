"""Which prevention texts a briefing proposes: those of the categories that stand out, another one each week."""

from collections.abc import Iterable, Sequence

from patrols.briefings.figures import Figures
from patrols.briefings.wording import standing_out
from patrols.choices import IncidentCategory, Season
from patrols.models import PreventionText
from xinjin.periods import Week

MOST = 2  # so that the notice fills a page and not two
# What is proposed for a week in which nothing stands out.
USUAL = (IncidentCategory.FRAUD, IncidentCategory.FIRE)


def library(week: Week) -> list[PreventionText]:
    """The texts in use in the week; one query."""
    return list(PreventionText.objects.on(week.start).order_by("category", "season", "id"))


def proposed(figures: Figures, week: Week, texts: Iterable[PreventionText]) -> list[PreventionText]:
    """A text for each of the categories that stand out most; for a quiet week those that always serve."""
    held = list(texts)
    wanted = standing_out(figures) or USUAL
    found = [_chosen([text for text in held if text.category == category], week) for category in wanted]
    return [text for text in found if text is not None][:MOST]


def _chosen(texts: Sequence[PreventionText], week: Week) -> PreventionText | None:
    """Those of the season go before those of all the year; of several, each has its week."""
    season = Season.of(week.thursday)
    fitting = [text for text in texts if text.season == season] or [text for text in texts if not text.season]
    return fitting[week.number % len(fitting)] if fitting else None
