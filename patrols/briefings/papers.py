"""A briefing on paper: the notice in the layout of official documents, and the poster for the wall (R8)."""

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from patrols.briefings.figures import Figures, of_category
from patrols.briefings.wording import standing_out
from patrols.models import Briefing
from xinjin.reporting import Box, Paper, Poster, Report

MOST_BOXES = 4


def paragraphs(briefing: Briefing) -> tuple[str, list[str]]:
    """(the salutation without its colon, the paragraphs below it)."""
    lines = [line.strip() for line in briefing.text.splitlines() if line.strip()]
    if lines and lines[0].endswith(("：", ":")):
        return lines[0].rstrip("：:"), lines[1:]
    return "", lines


def notice_title(briefing: Briefing) -> str:
    """What the notice is called, in Chinese whatever the reader's language."""
    week = briefing.week
    with translation.override(settings.LANGUAGE_CODE):
        title = _("Briefing on public security in %(village)s, week %(week)s of %(year)s")
        return title % {"village": briefing.village.name, "week": week.number, "year": week.year}


def issuer(briefing: Briefing) -> str:
    """Bureau and station."""
    return f"{settings.BUREAU_NAME}{briefing.village.station.name}"


def notice(briefing: Briefing) -> Report:
    """The notice on A4."""
    lead, lines = paragraphs(briefing)
    return Report(
        title=notice_title(briefing),
        issued_on=briefing.given_on or timezone.localdate(),
        mark=issuer(briefing),
        issuer=issuer(briefing),
        addressees=[lead] if lead else [],
        body=lines,
        is_letter=True,
    )


def poster(briefing: Briefing, figures: Figures, paper: Paper) -> Poster:
    """The poster: the figures that are seen from afar, then the text."""
    lead, lines = paragraphs(briefing)
    with translation.override(settings.LANGUAGE_CODE):
        week = briefing.week
        told = {"village": briefing.village.name, "week": week.number, "year": week.year}
        return Poster(
            title=_("Public security briefing"),
            subtitle=_("%(village)s · week %(week)s of %(year)s") % told,
            lead=f"{lead}：" if lead else "",
            paragraphs=lines,
            boxes=_boxes(figures),
            foot=[issuer(briefing), _("In an emergency call 110")],
            issued_on=briefing.given_on or timezone.localdate(),
            paper=paper,
        )


def _boxes(figures: Figures) -> list[Box]:
    now, before, year_before = figures.totals
    if now is None:
        return []
    boxes = [Box(_("Incidents last week"), str(now), _hint(before, year_before))]
    for category in standing_out(figures):
        earlier = of_category(figures.before, category), of_category(figures.year_before, category)
        boxes.append(Box(str(category.label), str(of_category(figures.counts, category)), _hint(*earlier)))
    return boxes[:MOST_BOXES]


def _hint(before: int | None, year_before: int | None) -> str:
    known = []
    if before is not None:
        known.append(_("week before %(count)s") % {"count": before})
    if year_before is not None:
        known.append(_("a year before %(count)s") % {"count": year_before})
    return " · ".join(known)
