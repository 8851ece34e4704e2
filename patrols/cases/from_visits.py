"""What a visit brings into the ledger: one tick at a household, or a screening that found something (R6, R7)."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from patrols.cases.opening import CaseEntry, claimant, open_case
from patrols.choices import ActivityKind, CaseSource
from patrols.models import Activity, Case, HouseholdCall, Visit

TITLE_LENGTH = 100


def open_from_visit(*, by: Any, visit: Visit) -> list[Case]:
    """Opens a case for each tick, once however often the log is returned and handed in again.

    What was opened once is changed in the ledger, not by the log: there others have read it by then.
    """
    ticked = list(visit.calls.exclude(case_kind="").exclude(raised="").select_related("household").order_by("position"))
    found = list(visit.activities.filter(kind=ActivityKind.SCREENING, opens_case=True, nothing_found=False))
    if not ticked and not found:
        return []
    known = set(Case.objects.filter(source_visit=visit).values_list("source", "household"))
    entries = [_of_call(visit, call) for call in ticked if (CaseSource.CALL, call.household_id) not in known]
    if not any(source == CaseSource.SCREENING for source, _household in known):
        entries += [_of_screening(visit, activity) for activity in found]
    return [open_case(by=by, entry=entry) for entry in entries]


def tick_mistakes(calls: list[HouseholdCall]) -> dict[str, list[str]]:
    """Ticks without words, by the keys of visit_checks."""
    return {
        f"calls-{number}-raised": [_("Say what they raised; it becomes a case of the ledger.")]
        for number, call in enumerate(calls)
        if call.case_kind and not call.raised.strip()
    }


def _split(text: str) -> dict[str, Any]:
    """A title, and the whole text where it is longer."""
    return {"title": text[:TITLE_LENGTH], "detail": text if len(text) > TITLE_LENGTH else ""}


def _day(visit: Visit) -> dict[str, Any]:
    """The clock starts with the visit; a log that came late does not open a case that is overdue already."""
    return {"opened_on": timezone.localdate() if visit.is_late else visit.visited_on}


def _of_call(visit: Visit, call: HouseholdCall) -> CaseEntry:
    household = call.household
    return CaseEntry(
        kind=call.case_kind,
        village=visit.village,
        household=household,
        parties=(claimant(household),) if household is not None else (),
        source=CaseSource.CALL,
        source_visit=visit,
        **_split(call.raised),
        **_day(visit),
    )


def _of_screening(visit: Visit, activity: Activity) -> CaseEntry:
    return CaseEntry(
        kind=activity.case_kind,
        village=visit.village,
        source=CaseSource.SCREENING,
        source_visit=visit,
        **_split(activity.note),
        **_day(visit),
    )
