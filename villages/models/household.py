from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from villages.choices import HouseholdTag
from villages.masking import mask_name
from villages.models.phone import PhoneField
from villages.models.village import Village
from villages.pinyin import spell
from xinjin.access.engine import ScopedQuerySet


class Household(models.Model):
    """A household of a village: an address and the name of its head. No identity number (limits on burden)."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="households", verbose_name=_("village"))
    address = models.CharField(_("address"), max_length=100, help_text=_("Within the village, such as 3组12号."))
    head_name = models.CharField(_("head of household"), max_length=50)
    phone = PhoneField(_("phone"))
    tags = ArrayField(
        models.CharField(max_length=20, choices=HouseholdTag.choices), default=list, blank=True, verbose_name=_("tags")
    )
    pinyin = models.CharField(max_length=200, editable=False)
    initials = models.CharField(max_length=50, editable=False)

    # Not written into the audit trail, which others than the village's own people read.
    private_fields = frozenset({"head_name", "phone", "pinyin", "initials"})

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        indexes = [
            # The order of a village's list: a search reads along it until the page is full.
            models.Index(fields=["village", "address", "id"], name="villages_household_list")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "address", "head_name"],
                name="villages_household_once",
                violation_error_message=_("This household is on the list already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.head_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.spell()
        super().save(*args, **kwargs)

    def spell(self) -> None:
        """Pinyin and initials follow the name; who writes many rows at once calls this himself."""
        self.pinyin, self.initials = spell(self.head_name, person=True)

    @property
    def name_in_trail(self) -> str:
        """The household in the audit trail: its head masked."""
        return f"{self.address} {mask_name(self.head_name)}"

    @property
    def tag_labels(self) -> list[str]:
        """The tags in words."""
        labels = dict(HouseholdTag.choices)
        return [str(labels.get(tag, tag)) for tag in self.tags]
