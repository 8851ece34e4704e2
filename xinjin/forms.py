"""Forms that ask the model for its whole opinion."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from xinjin.errors import at_fields


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
            self._update_errors(error)

    def _update_errors(self, errors: ValidationError) -> None:
        """The message of a constraint stands at the field that its code names, where the form has it."""
        if hasattr(errors, "error_dict"):
            found: dict[str, list[ValidationError]] = {}
            for field, messages in at_fields(errors).items():
                found.setdefault(field if field in self.fields else NON_FIELD_ERRORS, []).extend(messages)
            errors = ValidationError(found)
        super()._update_errors(errors)  # type: ignore[misc]


def add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Puts a verb's ValidationError beside the fields that the form has, the rest above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, errors in error.error_dict.items():
        form.add_error(field if field in form.fields else None, errors)
