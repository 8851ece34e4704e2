"""The weekly briefing 治安通报 and its library of prevention texts (R8)."""

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BriefingState(TextChoices):
    DRAFT = "draft", _("Draft")
    GIVEN = "given", _("Given")

    @property
    def badge(self) -> tuple[str, str]:
        """Tone and shape."""
        return {BriefingState.DRAFT: ("muted", "ring"), BriefingState.GIVEN: ("ok", "check")}[self]


class BriefingWay(TextChoices):
    """How the village heard it."""

    MEETING = "meeting", _("Meeting")
    CHAT_GROUP = "chat_group", _("Chat group")
    NOTICE_BOARD = "notice_board", _("Notice board")
    LOUDSPEAKER = "loudspeaker", _("Loudspeaker")
    DOOR_TO_DOOR = "door_to_door", _("Door to door")


class Season(TextChoices):
    SPRING = "spring", _("Spring")
    SUMMER = "summer", _("Summer")
    AUTUMN = "autumn", _("Autumn")
    WINTER = "winter", _("Winter")

    @classmethod
    def of(cls, day: date) -> "Season":
        """Spring begins in March."""
        return list(cls)[(day.month - 3) % 12 // 3]
