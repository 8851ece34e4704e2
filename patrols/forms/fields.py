"""Fields that several forms of this app share."""

from typing import Any

from django import forms

from patrols.forms.rows import length


class Day(forms.DateField):
    """A day in the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def text(label: Any, model: Any, field: str, *, required: bool = True, rows: int = 2, **kwargs: Any) -> forms.CharField:
    """A text as long as the model's field."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput()
    return forms.CharField(label=label, max_length=length(model, field), required=required, widget=widget, **kwargs)


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; what they are is judged by the verb, from their content."""

    def __init__(self, **kwargs: Any) -> None:
        widget = FilesInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"})
        super().__init__(widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files that were chosen; none is no mistake."""
        return list(data or ())
