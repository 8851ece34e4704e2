"""Forms that ask the model for its whole opinion."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class StrictModelForm(forms.ModelForm):
    """A ModelForm that checks every constraint of the model.

    Django skips a constraint when one of its fields is not on the form, and the save then fails with an
    IntegrityError; here it becomes a message, at the field where there is one.
    """

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        try:
            self.instance.validate_constraints()
        except ValidationError as error:
            self._update_errors(error)  # type: ignore[attr-defined]


class StrictFormSet(forms.BaseFormSet):
    """Rows of which a person hears nothing that he did not write: not which hidden counts are missing."""

    default_error_messages = {
        **forms.BaseFormSet.default_error_messages,
        "missing_management_form": _("Reload the page and try again."),
    }


def add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Puts a verb's ValidationError beside the fields that the form has, the rest above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, errors in error.error_dict.items():
        form.add_error(field if field in form.fields else None, errors)
