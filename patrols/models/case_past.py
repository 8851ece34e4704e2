"""What a case was: names before it was corrected, and resolutions that did not hold."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from patrols.models.case import Case
from patrols.models.case_result import RESULT, CaseResult


class CaseFormerName(models.Model):
    """The name of somebody whom a case was about until it was corrected: people wrote it into steps and reasons too.

    It stays masked for those who read the case masked (ledger/reading.py).
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="former_names")
    name = models.CharField(_("full name"), max_length=50)
    rights_of = "case"

    class Meta:
        verbose_name = _("former name of a party")
        verbose_name_plural = _("former names of parties")
        constraints = [models.UniqueConstraint(fields=["case", "name"], name="patrols_formername_once")]

    def __str__(self) -> str:
        return str(self.case)


class CaseResolution(CaseResult):
    """The result of a round, whole, once the case has been taken up again; the case itself says the one that holds."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="earlier_resolutions")
    round = models.PositiveSmallIntegerField(_("round"))
    reopened_on = models.DateField(_("taken up again on"))
    rights_of = "case"

    class Meta:
        verbose_name = _("earlier resolution")
        verbose_name_plural = _("earlier resolutions")
        constraints = [models.UniqueConstraint(fields=["case", "round"], name="patrols_resolution_once")]

    def __str__(self) -> str:
        return f"{self.case} {self.round}"

    @classmethod
    def taken_from(cls, case: Case, on: date) -> "CaseResolution":
        """The result that the case, unsaved, gives up as it is taken up again on `on`."""
        kept = cls(case=case, round=case.reopened_count + 1, reopened_on=on)
        empty = Case()
        for name in RESULT:
            setattr(kept, name, getattr(case, name))
            setattr(case, name, getattr(empty, name))
        return kept
