"""The forms of the acts on a case. Each carries the revision that was read; they only parse, the verbs judge."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patrols.cases import Resolution
from patrols.cases.moves import require_coming
from patrols.cases.resolution import next_call, possible_from
from patrols.choices import (
    CaseLevel,
    CaseOutcome,
    ReferralTarget,
    ResolutionMethod,
    Resolver,
    Satisfaction,
    StepKind,
)
from patrols.forms.fields import Day, FilesField, text
from patrols.ledger.deadlines import is_higher
from patrols.ledger.norm_figures import LedgerFigures
from patrols.models import Case, CasePause, CaseReferral, CaseStep, CaseTransition, FollowUpCall, LedgerNorm
from xinjin.errors import Conflict
from xinjin.forms import add_errors, in_words


class ActForm(forms.Form):
    """What is shared by the forms of all acts: the case, who looks at it, and the revision that was read."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        case: Case,
        user: Any,
        act: str,
        figures: LedgerFigures | None = None,
    ) -> None:
        # Several forms stand on one page: each has ids of its own, while the names stay short.
        super().__init__(data, files, initial={"revision": case.revision}, auto_id=f"id_{act}_%s")
        self.case, self.user, self.read = case, user, figures
        self.prepare()
        for name, field in self.fields.items():
            if isinstance(field, Day) and field.required and name not in self.initial:
                field.initial = timezone.localdate

    @cached_property
    def figures(self) -> LedgerFigures:
        """The ledger's figures of today: those that were read for all forms of the page."""
        return self.read or LedgerNorm.objects.figures(timezone.localdate())

    def prepare(self) -> None:
        """Choices that depend on the case."""

    def given(self) -> dict[str, Any]:
        """What the verb takes."""
        return self.cleaned_data

    def add_errors(self, error: ValidationError) -> None:
        """What a verb refused, beside its fields."""
        add_errors(self, error)

    def typed(self) -> dict[str, str]:
        """All that was typed, in words."""
        return in_words(self)

    def standing(self) -> dict[str, str]:
        """What the record says now of that, where the act writes over it."""
        return {}

    @classmethod
    def over(cls, case: Case, sent: Mapping[str, Any]) -> dict[str, Any]:
        """What was sent, as the page would post it."""
        return dict(sent)

    @contextmanager
    def given_back(self) -> Iterator[None]:
        """Whoever comes too late gets back all that he typed."""
        try:
            yield
        except Conflict as conflict:
            conflict.mine, conflict.theirs = self.typed(), conflict.theirs | self.standing()
            raise


class StepForm(ActForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=StepKind.choices)
    happened_on = Day(label=_("Date"))
    note = text(_("What was done about it"), CaseStep, "note")
    files = FilesField(label=_("Files"), required=False)  # type: ignore[assignment]

    def prepare(self) -> None:
        most = {"count": settings.ATTACHMENTS_PER_STEP, "limit": settings.PHOTO_MAX_BYTES // 1024**2}
        self.fields["files"].help_text = (
            gettext("At most %(count)s pictures or PDF files of up to %(limit)s MB.") % most
        )

    def full_clean(self) -> None:
        """A browser does not send the same files twice by itself: whoever is asked again is told."""
        super().full_clean()
        if self.is_bound and self.errors and "files" not in self.errors and self.cleaned_data.get("files"):
            self.add_error("files", gettext("Choose the files again."))

    def given(self) -> dict[str, Any]:
        """Steps of two people stand beside each other, so no revision is asked."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}


class LevelForm(ActForm):
    level = forms.ChoiceField(label=_("Level"))
    reason = text(_("Why"), CaseTransition, "reason")

    def prepare(self) -> None:
        may_lower = Case.objects.allowed(self.user, "oversee").filter(pk=self.case.pk).exists()
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            (level.value, level.label)
            for level in CaseLevel
            if level != self.case.level and (may_lower or is_higher(level, self.case.level))
        ]


class PauseForm(ActForm):
    reason = text(_("What is waited for"), CasePause, "reason", rows=1)
    expected_on = Day(label=_("Expected until"), required=False)

    def prepare(self) -> None:
        within = {"days": self.figures.pause_days}
        self.fields["expected_on"].help_text = gettext("Empty: it comes back after %(days)s days.") % within


class ResumeForm(ActForm):
    reason = text(_("Remark"), CaseTransition, "reason", required=False, rows=1)


class ReferForm(ActForm):
    target = forms.ChoiceField(label=_("Passed on to"), choices=ReferralTarget.choices)
    target_name = text(_("Its name"), CaseReferral, "target_name", required=False, rows=1)
    reason = text(_("Why"), CaseReferral, "reason")
    answer_due_on = Day(label=_("Answer asked for by"), required=False)

    def prepare(self) -> None:
        within = {"days": self.figures.answer_days}
        self.fields["answer_due_on"].help_text = gettext("Empty: within %(days)s days.") % within

    def clean(self) -> dict[str, Any]:
        """Said together with what is missing."""
        data = super().clean() or {}
        try:
            require_coming(data.get("answer_due_on"), "answer_due_on")
        except ValidationError as error:
            self.add_error(None, error)
        return data


class ReferralAnswerForm(ActForm):
    answered_on = Day(label=_("Answered on"))
    answer = text(_("What was answered"), CaseReferral, "answer")


class ResolveForm(ActForm):
    resolved_on = Day(label=_("Resolved on"))
    outcome = forms.ChoiceField(label=_("How it ended"), choices=CaseOutcome.choices)
    method = forms.ChoiceField(label=_("Way of resolution"), choices=ResolutionMethod.choices)
    resolver = forms.ChoiceField(label=_("Resolved by"), choices=Resolver.choices)
    result = text(_("Result"), Case, "result", rows=3)

    def given(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return {"revision": data.pop("revision"), "resolution": Resolution(**data)}


# Nothing is chosen beforehand: "satisfied" would be what stands there, not what was said.
SATISFACTION = [("", _("— choose —")), *Satisfaction.choices]


class AnswerForm(ActForm):
    answered_on = Day(label=_("Answered on"))
    answer = text(_("What the resident was told"), Case, "answer")
    satisfaction = forms.ChoiceField(label=_("Satisfaction"), choices=SATISFACTION)

    def prepare(self) -> None:
        """What was answered already is put right, not written anew."""
        if self.case.answered_on is not None:
            for name in ("answered_on", "answer", "satisfaction"):
                self.initial[name] = getattr(self.case, name)


class FollowUpForm(ActForm):
    done_on = Day(label=_("Date"))
    satisfaction = forms.ChoiceField(label=_("Satisfaction"), choices=SATISFACTION)
    note = text(_("What was found"), FollowUpCall, "note")
    broken = forms.BooleanField(label=_("It does not hold: take the case up again"), required=False)

    def prepare(self) -> None:
        call = next_call(self.case)
        if call is not None:
            days = {"due": f"{call.due_on:%Y-%m-%d}", "day": f"{possible_from(self.case, call, self.figures):%Y-%m-%d}"}
            self.fields["done_on"].help_text = gettext("Due on %(due)s, possible from %(day)s on.") % days

    def given(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return {"holds": not data.pop("broken"), **data}


class CloseForm(ActForm):
    reason = text(_("Remark"), CaseTransition, "reason", required=False, rows=1)


class ReopenForm(ActForm):
    reason = text(_("Why"), CaseTransition, "reason")
