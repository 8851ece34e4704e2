"""Incidents, prevention texts and weekly briefings of the demo (R8).

Counts of some months more than the work, so that the last weeks have the year before beside them. Most briefings were
held at a visit whose log ticks them; a few were given apart from one. Of the last week one station sent nothing yet.
"""

import tomllib
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from functools import cache
from math import exp
from pathlib import Path
from random import Random
from typing import Any

from django.utils import timezone

from assessments.demo.roster import Roster
from patrols.briefings.advice import proposed
from patrols.briefings.figures import Figures, existed_in, same_week_of_year_before, told_of
from patrols.briefings.wording import draft
from patrols.choices import ActivityKind, BriefingState, BriefingWay, IncidentCategory
from patrols.models import Activity, Attendee, Briefing, BriefingGiver, IncidentCount, PreventionText
from villages.models import Village
from xinjin.periods import Week

MONTHS_BEFORE = 62  # days of counts before the first day of work
# Incidents a week and a thousand residents, and how much more of them there are in which months.
RATES = {
    IncidentCategory.THEFT: (0.24, {1: 1.6, 12: 1.5, 2: 1.3}),
    IncidentCategory.FRAUD: (0.18, {8: 1.3, 9: 1.4}),
    IncidentCategory.FIGHT: (0.09, {6: 1.4, 7: 1.7, 8: 1.6}),
    IncidentCategory.DAMAGE: (0.05, {}),
    IncidentCategory.VICE: (0.03, {2: 2.4, 1: 1.6}),
    IncidentCategory.DISPUTE: (0.36, {2: 1.4, 4: 1.2}),
    IncidentCategory.TRAFFIC: (0.28, {1: 1.2, 10: 1.3}),
    IncidentCategory.FIRE: (0.03, {2: 2.2, 4: 1.8}),
    IncidentCategory.HELP: (0.30, {7: 1.4, 8: 1.4}),
    IncidentCategory.OTHER: (0.15, {}),
}
WRITTEN = 0.75  # of the weeks ticked in a log, the share that has a text here
APART = 0.4  # of the weeks with a visit that ticks none, the share given apart from it
AUDIENCES = ("全体村民", "院坝会到场村民", "各组组长、网格员", "商户和出租房业主", "老年活动室老人")


@cache
def library() -> dict[str, dict[str, list[str]]]:
    """{category: {season or "all": texts}}"""
    return tomllib.loads(Path(__file__).with_name("prevention.toml").read_text(encoding="utf-8"))


def make_briefings(roster: Roster) -> None:
    """Everything, with a random of its own, so that the rest of the demo stays as it is."""
    random = Random(f"briefings {roster.today}")  # noqa: S311
    villages = list(Village.objects.order_by("code"))
    texts = _make_texts(roster)
    counts = _make_counts(roster, random, villages)
    _Maker(roster, random, villages, texts, counts).make()


def _make_texts(roster: Roster) -> list[PreventionText]:
    since = roster.since - timedelta(days=365)
    return PreventionText.objects.bulk_create(
        PreventionText(category=category, season="" if season == "all" else season, text=text, valid_from=since)
        for category, seasons in library().items()
        for season, told in seasons.items()
        for text in told
    )


Known = dict[tuple[int, date], dict[str, int]]


def _make_counts(roster: Roster, random: Random, villages: list[Village]) -> Known:
    known: Known = {}
    last = Week.of(roster.today).previous()
    late = max(village.station_id for village in villages)
    week = Week.of(roster.since - timedelta(days=MONTHS_BEFORE))
    while week <= last:
        for village in villages:
            if existed_in(village, week) and not (week == last and village.station_id == late):
                known[village.pk, week.start] = _counts(random, village, week)
        week = week.next()
    IncidentCount.objects.bulk_create(
        [
            IncidentCount(village_id=village, starts_on=monday, category=category, count=count)
            for (village, monday), counts in known.items()
            for category, count in counts.items()
        ],
        batch_size=10_000,
    )
    return known


def _counts(random: Random, village: Village, week: Week) -> dict[str, int]:
    thousands = (village.population or 2400) / 1000
    return {
        category.value: _drawn(random, rate * thousands * months.get(week.thursday.month, 1.0))
        for category, (rate, months) in RATES.items()
    }


def _drawn(random: Random, mean: float) -> int:
    """A number of independent events (Poisson)."""
    limit, count, product = exp(-mean), 0, random.random()
    while product > limit:
        count += 1
        product *= random.random()
    return count


class _Maker:
    def __init__(
        self, roster: Roster, random: Random, villages: list[Village], texts: list[PreventionText], counts: Known
    ) -> None:
        self.roster, self.random, self.texts, self.counts = roster, random, texts, counts
        self.villages = {village.pk: village for village in villages}
        self.briefings: list[Briefing] = []
        self.givers: list[BriefingGiver] = []

    def make(self) -> None:
        """A briefing for most weeks in which somebody was there; drafts and nothing at all in the running one."""
        ticked = dict(
            Activity.objects.filter(kind=ActivityKind.BRIEFING).values_list("visit", "people_count").order_by()
        )
        there: dict[tuple[int, date], list[Attendee]] = defaultdict(list)
        rows = Attendee.objects.filter(is_counting=True, assignment__isnull=False).select_related("visit")
        for row in rows.order_by("visited_on", "visit_id", "officer_id"):
            there[row.visit.village_id, Week.of(row.visited_on).start].append(row)
        for (village, monday), attendees in sorted(there.items()):
            first = attendees[0].visit_id
            self._week(village, monday, [row for row in attendees if row.visit_id == first], ticked)
        Briefing.objects.bulk_create(self.briefings, batch_size=2000)
        BriefingGiver.objects.bulk_create(self.givers, batch_size=5000)

    def _week(self, village: int, monday: date, attendees: list[Attendee], ticked: dict[Any, int | None]) -> None:
        random, visit = self.random, attendees[0].visit
        if random.random() > (WRITTEN if visit.pk in ticked else APART):
            return
        week = Week.of(monday)
        figures = self._figures(village, week)
        advice = [text.text for text in proposed(figures, week, self.texts)]
        is_draft = week == Week.of(self.roster.today) and random.random() < 0.5
        briefing = Briefing(
            village_id=village,
            starts_on=monday,
            text=draft(self.villages[village], figures, advice),
            revision=1,
            saved_at=timezone.make_aware(datetime.combine(visit.visited_on, time(17, random.randrange(60)))),
        )
        if not is_draft:
            briefing.state, briefing.given_on, briefing.figures = (
                BriefingState.GIVEN, visit.visited_on, figures.as_json(),
            )  # fmt: skip
            apart = visit.pk not in ticked
            ways = [BriefingWay.CHAT_GROUP] if apart else random.sample(BriefingWay.values, random.choice([1, 1, 2]))
            briefing.ways = [way for way in BriefingWay.values if way in ways]
            briefing.audience = random.choice(AUDIENCES)
            briefing.people_count = ticked.get(visit.pk) or random.randrange(20, 180)
            self.givers += [
                BriefingGiver(
                    briefing=briefing,
                    officer_id=row.officer_id,
                    assignment_id=row.assignment_id,
                    given_on=visit.visited_on,
                )
                for row in attendees
                if row.assignment_id is not None
            ]
        self.briefings.append(briefing)

    def _figures(self, village: int, week: Week) -> Figures:
        told = told_of(week)
        before = same_week_of_year_before(told)
        return Figures(
            told,
            self.counts.get((village, told.start)),
            self.counts.get((village, told.previous().start)),
            self.counts.get((village, before.start)) if before else None,
        )
