"""The month's situation analysis 治安形势分析 as an official document (R12, GB/T 9704); persons are never named."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from patrols.situation import wording
from patrols.situation.figures import Situation
from patrols.situation.tables import disputes_table, incidents_table, key_table, place_tables
from xinjin.reporting import Heading, Report


def situation_report(found: Situation) -> Report:
    """The analysis of a village, a station or the bureau."""
    scope = found.scope
    name = scope.village.name if scope.village else scope.issuer
    return Report(
        title=_("Situation analysis of %(name)s, %(month)s")
        % {"name": name, "month": wording.month_words(found.month)},
        issuer=scope.issuer,
        body=tuple(_body(found)),
        attachments=(replace(key_table(found), notes=wording.notes(found)), *place_tables(found)),
        issued_on=found.day,
        is_letter=True,
    )


def _body(found: Situation) -> Iterable[Any]:
    figures = found.figures
    yield Heading(_("Incidents"))
    yield wording.incidents_sentence(figures, found.month)
    if figures.knows_incidents:
        yield incidents_table(found)
    yield Heading(_("Disputes"))
    yield _below_heading(wording.disputes_sentence(figures))
    if figures.has_disputes:
        yield disputes_table(found)
    yield Heading(_("Open risks"))
    yield _below_heading(wording.risks_sentence(figures))
    yield Heading(_("Base information"))
    yield _below_heading(wording.base_info_sentence(figures))
    yield Heading(_("Village councils and their measures"))
    yield wording.councils_sentence(figures)


def _below_heading(sentence: str) -> str:
    """The sentence without its first word, which the heading above it has said."""
    rest = sentence.partition(_(": "))[2]
    return rest or sentence
