from typing import Any, Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from villages.choices import HOLDERS, OfficerKind, OfficerState, PostKind, Slot
from villages.models.dated import Dated, ordered
from villages.models.phone import PhoneField
from villages.models.unit import Township, Unit
from villages.models.village import Village
from villages.pinyin import spell
from xinjin.access.engine import ScopedQuerySet


class OfficerQuerySet(ScopedQuerySet):
    def active(self) -> Self:
        """Those who serve now."""
        return self.filter(state=OfficerState.ACTIVE)


class Officer(models.Model):
    """A person on the roster: police officer, auxiliary or other staff; with a sign-in or without."""

    number = models.CharField(
        _("number"),
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^[0-9A-Za-z]+$", _("Digits and letters only."))],
        help_text=_("Police or auxiliary number."),
    )
    name = models.CharField(_("full name"), max_length=50)
    kind = models.CharField(_("kind"), max_length=20, choices=OfficerKind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="officers", verbose_name=_("unit"))
    post = models.CharField(_("post"), max_length=50, blank=True)
    phone = PhoneField(_("phone"))
    is_party_member = models.BooleanField(_("party member"), default=False)
    state = models.CharField(_("state"), max_length=20, choices=OfficerState.choices, default=OfficerState.ACTIVE)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="officer",
        verbose_name=_("account"),
    )
    pinyin = models.CharField(max_length=200, editable=False)
    initials = models.CharField(max_length=50, editable=False)

    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = _("officer")
        verbose_name_plural = _("officers")
        indexes = [models.Index(fields=["unit", "pinyin", "number"], name="villages_officer_unit")]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.spell()
        super().save(*args, **kwargs)

    def spell(self) -> None:
        """Pinyin and initials follow the name; who writes many rows at once calls this himself."""
        self.pinyin, self.initials = spell(self.name, person=True)

    @property
    def slot(self) -> Slot | None:
        """The place in a village that a person of this kind may hold."""
        return next((slot for slot, kinds in HOLDERS.items() if self.kind in kinds), None)


class PartyPost(Dated):
    """Deputy secretary of a village branch, or a seat on the town's party committee, with its dates (R2)."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="party_posts", verbose_name=_("officer"))
    kind = models.CharField(_("post"), max_length=20, choices=PostKind.choices)
    village = models.ForeignKey(
        Village, models.PROTECT, null=True, blank=True, related_name="party_posts", verbose_name=_("village")
    )
    township = models.ForeignKey(
        Township, models.PROTECT, null=True, blank=True, related_name="party_posts", verbose_name=_("township")
    )

    class Meta:
        verbose_name = _("party post")
        verbose_name_plural = _("party posts")
        constraints = [
            ordered("villages_partypost_order"),
            models.CheckConstraint(
                condition=Q(kind=PostKind.DEPUTY_SECRETARY, village__isnull=False, township=None)
                | Q(kind=PostKind.TOWN_COMMITTEE, village=None, township__isnull=False),
                name="villages_partypost_place",
                violation_error_message=_("A deputy secretary needs a village, a committee member a township."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.officer.name}"
