"""Merging and renaming villages in the admin: two steps each, the first shows what the second one does."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from villages.forms import MergeForm, RenameForm
from villages.mergers import merge_villages, preview
from villages.models import Village
from villages.names import NAMED, rename_village, since
from xinjin.access import engine
from xinjin.errors import Conflict
from xinjin.forms import add_errors


def _written(form: Any, write: Any, *, keep: bool) -> bool:
    """Whether `write` went through; its refusal stands on the form. Not kept, it was a trial that leaves no trace."""
    try:
        with transaction.atomic():
            write()
            transaction.set_rollback(not keep)
        return True
    except ValidationError as error:
        add_errors(form, error)
    except Conflict as conflict:
        form.add_error(None, conflict.message)
    return False


class MergeMixin:
    """The list's action that makes one village of several."""

    actions: Any = ("merge",)
    admin_site: Any
    opts: Any
    message_user: Any

    def has_merge_permission(self, request: Any) -> bool:
        return engine.allows(request.user, Village, "merge")

    @admin.action(description=gettext_lazy("Merge the chosen villages…"), permissions=["merge"])
    def merge(self, request: Any, queryset: Any) -> HttpResponse | None:
        """Asks into which village and from when, shows what ends and moves, and merges all or none."""
        today = timezone.localdate()
        chosen = list(queryset.allowed(request.user, "merge").existing_on(today).order_by("code"))
        if not chosen:
            self.message_user(request, _("None of the chosen villages can be merged."), messages.WARNING)
            return None
        targets = Village.objects.allowed(request.user, "merge").existing_on(today).order_by("code")
        sent = request.POST if "confirmed" in request.POST else None
        form = MergeForm(sent, targets=targets, chosen=chosen, initial={"day": today})
        endings = None
        if sent is not None and form.is_valid():
            target, day = form.merged_village(), form.cleaned_data["day"]
            sources = [village for village in chosen if village != target]
            endings = preview(sources, day)
            keep = request.POST["confirmed"] == "yes"
            write = lambda: merge_villages(by=request.user, sources=sources, target=target, day=day)  # noqa: E731
            if _written(form, write, keep=keep) and keep:
                words = _("%(count)s villages merged into %(village)s.")
                self.message_user(request, words % {"count": len(sources), "village": target.name}, messages.SUCCESS)
                return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Merge villages"),
            "opts": self.opts,
            "villages": chosen,
            "form": form,
            "endings": endings if not form.errors else None,
        }
        return TemplateResponse(request, "admin/villages/village/merge.html", context)


class RenameMixin:
    """The page that gives a village another name from a day on."""

    admin_site: Any
    opts: Any
    message_user: Any

    def get_urls(self) -> list:
        rename = path("<path:pk>/rename/", self.admin_site.admin_view(self.rename), name="villages_village_rename")
        return [rename, *super().get_urls()]  # type: ignore[misc]

    def change_view(self, request: Any, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        may = engine.allows(request.user, Village, "rename")
        context = {**(extra_context or {}), "may_rename": may}
        return super().change_view(request, object_id, form_url, context)  # type: ignore[misc]

    def rename(self, request: Any, pk: str) -> HttpResponse:
        """The new name and its day; then what was and what will be; then it is written."""
        village = Village.objects.allowed(request.user).filter(pk=pk).first() if pk.isdecimal() else None
        if village is None:
            raise Http404
        if not Village.objects.allowed(request.user, "rename").filter(pk=village.pk).exists():
            raise PermissionDenied
        now = {field: getattr(village, field) for field in NAMED}
        form = RenameForm(request.POST or None, initial={**now, "day": timezone.localdate()})
        shown = False
        if request.method == "POST" and form.is_valid():
            keep = request.POST.get("confirmed") == "yes"
            write = lambda: rename_village(by=request.user, village=village, **form.cleaned_data)  # noqa: E731
            shown = _written(form, write, keep=keep)
            if shown and keep:
                self.message_user(request, _("The village has its new name."), messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:villages_village_change", args=[village.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Rename %(village)s") % {"village": village.name},
            "opts": self.opts,
            "village": village,
            "since": since(village),
            "form": form,
            "shown": shown,
        }
        return TemplateResponse(request, "admin/villages/village/rename.html", context)
