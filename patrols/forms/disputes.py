"""The form of a handed-over notice: everything is filled in, so that one press suffices."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patrols.choices import NoticeRecipient
from patrols.forms.fields import Day, text
from patrols.models import DisputeNotice
from villages.choices import ContactKind
from villages.models import Village


class DeliverForm(forms.Form):
    """To whom; the day and who received it are those of an ordinary week unless changed."""

    recipient = forms.ChoiceField(choices=NoticeRecipient.choices, widget=forms.HiddenInput)
    delivered_on = Day(label=_("Handed over on"), required=False)
    received_by = text(_("Received by"), DisputeNotice, "received_by", required=False, rows=1)
    # The page showed the records as they are now, not what somebody has got already.
    anew = forms.BooleanField(required=False, widget=forms.HiddenInput)


def deliver_form(village: Village) -> DeliverForm:
    """Filled in for the committees, with the first of their people whom the village page names."""
    today = timezone.localdate()
    contact: Any = village.contacts.on(today).filter(kind=ContactKind.COMMITTEE).order_by("start_on", "pk").first()
    name = f"{contact.name}（{contact.post}）" if contact and contact.post else contact.name if contact else ""
    return DeliverForm(initial={"recipient": "committees", "delivered_on": today, "received_by": name})
