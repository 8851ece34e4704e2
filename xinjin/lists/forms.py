"""The forms of kept filters."""

from django import forms
from django.utils.translation import gettext_lazy as _

from xinjin.lists.models import LONGEST_QUERY, Sharing


class FilterForm(forms.Form):
    """Name, readers, and whether the list opens with it."""

    name = forms.CharField(label=_("Name of the filter"), max_length=30)
    sharing = forms.ChoiceField(label=_("Seen by"), choices=Sharing.choices, initial=Sharing.PRIVATE)
    is_default = forms.BooleanField(label=_("Open the list with it"), required=False)


class NewFilterForm(FilterForm):
    """Also the question itself, as the address holds it."""

    query = forms.CharField(widget=forms.HiddenInput, max_length=4 * LONGEST_QUERY, required=False)
