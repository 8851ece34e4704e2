"""What may be attached to a step of a case."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AttachmentKind(TextChoices):
    PICTURE = "picture", _("Picture")
    PDF = "pdf", _("PDF file")

    @property
    def suffix(self) -> str:
        """The ending of its file."""
        return ".jpg" if self == AttachmentKind.PICTURE else ".pdf"

    @property
    def content_type(self) -> str:
        """As which it is handed out, whatever it was sent as."""
        return "image/jpeg" if self == AttachmentKind.PICTURE else "application/pdf"
