"""A page posted twice is posted once: a double click, a lost answer, a press on "reload".

The page carries a key that was made when it was (`{% page_key %}`). The second of two equal posts waits for the first
and is led to the same place. Posts that differ are two, whatever page they come from: nothing that somebody typed
after going back is taken for what he sent before.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from xinjin.errors import Conflict
from xinjin.idempotency.replay import Answer, StillWorking, answered_once, digest_of

FIELD = "page_key"
KEY_LENGTH = 36
# Longer than the reading of six pictures takes; whoever pressed twice waits for his own first press.
PATIENCE = "20s"


def once_a_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view whose redirect after a post is the answer to every equal post of the same page."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.POST.get(FIELD, "") if request.method == "POST" else ""
        if not key or len(key) > KEY_LENGTH:
            return view(request, *args, **kwargs)

        shown: list[HttpResponse] = []

        def act() -> Answer:
            response = view(request, *args, **kwargs)
            if isinstance(response, HttpResponseRedirect):
                return Answer(response.status_code, response.url)
            shown.append(response)  # a page that says what is wrong
            return Answer(response.status_code, None, is_kept=False)

        digest = _digest(request)
        try:
            answer = answered_once(
                user=request.user, key=digest_of(key, digest), request_digest=digest, act=act, patience=PATIENCE
            )
        except StillWorking as working:
            raise Conflict(_("What you sent is still being worked on. Look again in a moment.")) from working
        return shown[0] if shown else HttpResponseRedirect(answer.body)

    return wrapped


def _digest(request: HttpRequest) -> str:
    """What was sent, and where to; the token against forged requests is none of it."""
    fields = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    files = {name: [(file.name, file.size) for file in found] for name, found in request.FILES.lists()}
    return digest_of(request.get_full_path(), fields, files)
