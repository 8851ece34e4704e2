"""What is said about a case when it is opened and when it is corrected: one definition for both (R6, R7)."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patrols.cases.moves import require_day
from patrols.models import Case, CaseParty, LedgerNorm
from xinjin.errors import at_fields

NO_PARTY = gettext_lazy("A dispute names at least one of its parties.")
# What somebody may say of a case; all else follows from the workflow.
MATTER = (
    "kind", "title", "category", "scale", "detail", "place", "occurred_on", "promised_on", "household",
)  # fmt: skip
NUMBERED = ("register", "serial", "number")
NAMES = frozenset(field.name for field in Case._meta.fields)

Mistakes = dict[str, list[ValidationError]]


def require_opening_day(day: date, field: str = "opened_on") -> None:
    """A day on which what is entered by hand can have become known: so many days back as the norm allows."""
    today = timezone.localdate()
    require_day(day, field, since=today - timedelta(days=LedgerNorm.objects.figures(today).entry_days))


def misfits(case: Case, *, unread: Iterable[str] = ()) -> Mistakes:
    """What does not go together in what is said of the case, at its fields; `unread` fields are left out."""
    said = {*MATTER, "opened_on", "village"} - {*unread, "household"}
    try:
        case.validate_constraints(exclude=NAMES - said)
    except ValidationError as error:
        return at_fields(error, NAMES)
    return {}


def check_case(case: Case, parties: list[CaseParty], *, needs_party: bool) -> None:
    """Raises ValidationError with every mistake in a case and its parties, by field; a party is named by its place."""
    errors: Mistakes = {}
    try:
        case.full_clean(exclude=NUMBERED, validate_unique=False)
    except ValidationError as error:
        errors |= at_fields(error, NAMES)
    seen: set[tuple[str, str]] = set()
    for number, party in enumerate(parties):
        try:
            party.full_clean(exclude=["case", "household"], validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            errors |= {f"parties-{number}-{name}": found for name, found in error.error_dict.items()}
        if (party.name, party.role) in seen:
            errors[f"parties-{number}-name"] = [ValidationError(_("This person is entered twice."))]
        seen.add((party.name, party.role))
    if needs_party and not parties:
        errors["parties-0-name"] = [ValidationError(NO_PARTY)]
    if errors:
        raise ValidationError(errors)
