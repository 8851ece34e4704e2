"""Cases: read by everyone in whose scope they lie, opened and handled by the village's people and its station.

Each act of the workflow is a POST at an address of its name; its form, its verb and its right are those of the page.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from patrols.api import case_examples as examples
from patrols.api.case_reading import CaseDetailSerializer, CaseSerializer
from patrols.api.case_writing import INPUTS, NewCaseInput, read
from patrols.cases import open_case
from patrols.choices import CaseAct
from patrols.filters.cases import CaseFilter
from patrols.ledger.reading import read_by
from patrols.models import Case
from patrols.views.case_acts import ACTS, right_for
from xinjin.access import engine
from xinjin.access.api import (
    ORDERING,
    UUID_PATTERN,
    ScopedReadViewSet,
    etag,
    identifier,
    once,
    required_key,
    seen_revision,
    sent_key,
    unless_stale,
    valid,
)
from xinjin.access.schema import ETAG, IDEMPOTENCY_KEY, IF_MATCH
from xinjin.errors import Conflict
from xinjin.idempotency.replay import Answer

ROWS = Case.objects.select_related("village__station", "owner", "leader", "household")
ORDERINGS = {
    "-opened_on": ("-opened_on", "-created_at", "id"),
    "opened_on": ("opened_on", "created_at", "id"),
    "due_on": ("due_on", "id"),
}


def acting(act: CaseAct) -> Callable[[Any], Any]:
    """A method as the POST of an act, with what the act takes, an example of it, and what it answers."""
    documented = extend_schema(
        request=INPUTS[act],
        responses=CaseDetailSerializer,
        parameters=[IDEMPOTENCY_KEY, IF_MATCH, ETAG],
        examples=[examples.ACTS[act], examples.OWN_CASE, examples.STATE],
    )
    posted = action(detail=True, methods=["post"], url_path=act.value, url_name=act.value)
    return lambda method: documented(posted(method))


class CaseViewSet(ScopedReadViewSet):
    """The cases that the user may see."""

    queryset = ROWS.order_by(*ORDERINGS["-opened_on"])
    serializer_class = CaseDetailSerializer
    filterset_class = CaseFilter
    lookup_value_regex = UUID_PATTERN
    orderings = ORDERINGS
    refusals = {
        "create": {"409", "422"},
        CaseAct.STEP.value: {"409", "412", "422"},
        **{act.value: {"409", "412", "422", "428"} for act in INPUTS if act != CaseAct.STEP},
    }

    def get_queryset(self) -> Any:
        return read_by(super().get_queryset(), self.request.user)

    def get_serializer_class(self) -> Any:
        return CaseSerializer if self.action == "list" else CaseDetailSerializer

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "acts": INPUTS}

    @extend_schema(
        parameters=[OpenApiParameter(ORDERING, str, enum=list(ORDERINGS), description="Newest first by default.")],
        examples=[examples.ROW],
    )
    def list(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Cases, newest first. A period takes its own days: of opening, or of resolution."""
        return super().list(request, *args, **kwargs)

    @extend_schema(parameters=[ETAG], examples=[examples.OWN_CASE, examples.MASKED_CASE])
    def retrieve(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """A case with its whole life; residents in full for the village's own people and its owner only."""
        answer = self._answer(self.get_object().pk)
        return Response(answer.body, headers=answer.headers)

    @extend_schema(
        request=NewCaseInput,
        responses={201: CaseDetailSerializer},
        parameters=[IDEMPOTENCY_KEY, ETAG],
        examples=[examples.NEW_CASE, examples.OWN_CASE, examples.INVALID],
    )
    def create(self, request: Any) -> Response:
        """Opens a case and starts its clock; needs an Idempotency-Key."""
        if not engine.allows(request.user, Case, "add"):
            raise PermissionDenied

        key = required_key(request)

        def act() -> Answer:
            entry = valid(NewCaseInput, request).entry(request.user)
            case = open_case(by=request.user, entry=entry, id=identifier(request.user, key))
            answer = self._answer(case.pk)
            return Answer(201, answer.body, {**answer.headers, "Location": f"{request.path}{case.pk}/"})

        return once(request, key, act)

    @acting(CaseAct.STEP)
    def step(self, request: Any, pk: str) -> Response:
        """Writes down what was done; the first step begins the handling. Needs an Idempotency-Key."""
        return self._act(request, pk, CaseAct.STEP)

    @acting(CaseAct.CORRECT)
    def correct(self, request: Any, pk: str) -> Response:
        """Completes or puts right what is said of a case; its level and its clock stay."""
        return self._act(request, pk, CaseAct.CORRECT)

    @acting(CaseAct.LEVEL)
    def level(self, request: Any, pk: str) -> Response:
        """Sets another level and starts the clock anew by its rule. Red tells the station in the same moment."""
        return self._act(request, pk, CaseAct.LEVEL)

    @acting(CaseAct.PAUSE)
    def pause(self, request: Any, pk: str) -> Response:
        """Stops the clock while something outside is waited for."""
        return self._act(request, pk, CaseAct.PAUSE)

    @acting(CaseAct.RESUME)
    def resume(self, request: Any, pk: str) -> Response:
        """Lets the clock go on; the days of the pause are added."""
        return self._act(request, pk, CaseAct.RESUME)

    @acting(CaseAct.REFER)
    def refer(self, request: Any, pk: str) -> Response:
        """Passes the case on to another body; the clock starts again with that body's answer."""
        return self._act(request, pk, CaseAct.REFER)

    @acting(CaseAct.REFERRAL_ANSWER)
    def referral_answer(self, request: Any, pk: str) -> Response:
        """Notes what the other body answered; the case is handled in the village again."""
        return self._act(request, pk, CaseAct.REFERRAL_ANSWER)

    @acting(CaseAct.RESOLVE)
    def resolve(self, request: Any, pk: str) -> Response:
        """Resolves the case and plans the calls that see whether it holds."""
        return self._act(request, pk, CaseAct.RESOLVE)

    @acting(CaseAct.ANSWER)
    def answer(self, request: Any, pk: str) -> Response:
        """Notes the answer given back to the resident, and what he thought of it."""
        return self._act(request, pk, CaseAct.ANSWER)

    @acting(CaseAct.FOLLOW_UP)
    def follow_up(self, request: Any, pk: str) -> Response:
        """Writes down the next of the planned calls; where the resolution does not hold, the case is open again."""
        return self._act(request, pk, CaseAct.FOLLOW_UP)

    @acting(CaseAct.CLOSE)
    def close(self, request: Any, pk: str) -> Response:
        """Closes what is resolved, answered and has held; the station's right."""
        return self._act(request, pk, CaseAct.CLOSE)

    @acting(CaseAct.REOPEN)
    def reopen(self, request: Any, pk: str) -> Response:
        """Takes a case up again; one that is closed, only the station."""
        return self._act(request, pk, CaseAct.REOPEN)

    def _act(self, request: Any, pk: str, act: CaseAct) -> Response:
        case = engine.get_allowed(request.user, ROWS, "view", pk=pk)

        def do() -> Answer:
            engine.get_allowed(request.user, Case, right_for(act, case), pk=pk)
            self._done(request, case, act)
            return self._answer(case.pk)

        return once(request, required_key(request) if act == CaseAct.STEP else sent_key(request), do)

    def _done(self, request: Any, case: Case, act: CaseAct) -> None:
        """Reads what was sent as the page would read it, and calls the verb."""
        entry, sent = ACTS[act], dict(valid(INPUTS[act], request).validated_data)
        # No revision is asked for a step, but who sends one is taken at his word.
        revision = seen_revision(request, case.revision if act == CaseAct.STEP else sent.pop("revision", None))
        posted = entry.form.over(case, sent) | {"revision": case.revision}
        form = read(entry.form(posted, case=case, user=request.user, act=act.value))
        given = form.given()

        def verb() -> Case:
            with form.given_back():
                if "revision" in given:
                    given["revision"] = revision
                elif revision != case.revision:
                    raise Conflict(_("The case was changed elsewhere in the meantime."))
                return entry.verb(by=request.user, case=case, **given)

        unless_stale(request, case, revision, verb)

    def _answer(self, pk: UUID) -> Answer:
        case = self.get_queryset().get(pk=pk)
        return Answer(200, self.get_serializer(case).data, {"ETag": etag(case.revision)})
