"""Forms that ask the model for its whole opinion."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.base import File
from django.db.models import Model, QuerySet
from django.utils.choices import flatten_choices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

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
            for field, messages in at_fields(errors, self.fields).items():
                found.setdefault(field if field in self.fields else NON_FIELD_ERRORS, []).extend(messages)
            errors = ValidationError(found)
        super()._update_errors(errors)  # type: ignore[misc]


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


def in_words(form: forms.BaseForm, values: Mapping[str, Any] | None = None) -> dict[str, str]:
    """{label: what was typed} of a form that has been read, or of `values`; choices by their labels, for people.

    What a page or an answer gives back when somebody else was faster, so that nothing typed is lost.
    """
    values = form.cleaned_data if values is None else values
    said = {str(field.label): _said(field.field, values.get(field.name)) for field in form.visible_fields()}
    return {label: words for label, words in said.items() if words}


def _said(field: forms.Field, value: Any) -> str:
    if isinstance(value, list | tuple | set | frozenset | QuerySet):
        return "、".join(_said(field, each) for each in value)
    if isinstance(value, Model):
        return str(field.label_from_instance(value)) if isinstance(field, forms.ModelChoiceField) else str(value)
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return str(dict(flatten_choices(choices)).get(value, value or ""))
    if isinstance(value, bool):
        return gettext("Yes") if value else ""
    if isinstance(value, File):
        return str(value.name)
    return "" if value is None else str(value)
