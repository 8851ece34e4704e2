"""The page of changing many records at once: choose fields and values, look at every record, confirm."""

from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from xinjin.access.bulk import MOST_ROWS, BulkEdit, Row


def answer_bulk_edit(model_admin: Any, request: Any, queryset: QuerySet) -> TemplateResponse | None:
    """The page for the chosen records; None when they have been written and the list is shown again."""
    objects = list(queryset.order_by("pk")[: MOST_ROWS + 1])
    if len(objects) > MOST_ROWS:
        text = _("At most %(most)s records can be changed together.") % {"most": MOST_ROWS}
        model_admin.message_user(request, text, messages.ERROR)
        return None
    if not objects:
        return None
    readonly = model_admin.get_readonly_fields(request, objects[0])
    offered = [name for name in model_admin.bulk_fields if name not in readonly]
    chosen = [name for name in offered if name in request.POST.getlist("bulk_field")]
    step = request.POST.get("step", "")
    rows: list[Row] = []
    edit = BulkEdit(model_admin, request, objects, chosen)
    if chosen and step == "confirm" and request.POST.get("previewed") == _digest(request, chosen):
        stamps = {str(obj.pk): request.POST.get(f"stamp-{obj.pk}", "") for obj in objects}
        rows, written = edit.confirm(stamps)
        if written:
            text = _("Records changed: %(count)s") % {"count": sum(not row.is_same for row in rows)}
            model_admin.message_user(request, text, messages.SUCCESS)
            return None
    elif chosen and step:
        rows = edit.preview()
    return TemplateResponse(
        request, "admin/bulk_edit.html", _context(model_admin, request, objects, offered, chosen, rows)
    )


def _digest(request: Any, chosen: list[str]) -> str:
    """What was previewed: the fields and their values."""
    return sha256(repr([(name, request.POST.getlist(name)) for name in chosen]).encode()).hexdigest()


def _context(
    model_admin: Any, request: Any, objects: list[Any], offered: list[str], chosen: list[str], rows: list[Row]
) -> dict[str, Any]:
    form_class = model_admin.get_bulk_form(request, objects[0], offered)
    step = request.POST.get("step", "")
    form = form_class(initial={name: _typed(request, form_class, name) for name in offered} if step else None)
    return {
        **model_admin.admin_site.each_context(request),
        "title": _("Change together"),
        "opts": model_admin.opts,
        "objects": objects,
        "choices": [(form[name], name in chosen) for name in offered if name in form.fields],
        "rows": rows,
        "nothing_chosen": bool(step) and not chosen,
        "error_count": sum(bool(row.errors) for row in rows),
        "change_count": sum(not row.errors and not row.is_same for row in rows),
        "previewed": _digest(request, chosen),
        "media": model_admin.media + form.media,
    }


def _typed(request: Any, form_class: Any, name: str) -> Any:
    """What stands in a field of the page, so that nothing typed is lost."""
    field = form_class.base_fields.get(name)
    return field.widget.value_from_datadict(request.POST, request.FILES, name) if field is not None else None
