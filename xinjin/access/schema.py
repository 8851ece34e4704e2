"""The OpenAPI schema: every refusal that an operation can answer is documented with it."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from xinjin.access.answers import ProblemSerializer

REFUSALS = {
    "400": "A value is wrong, a field or parameter is unknown, or the body cannot be read.",
    "403": "Nobody is signed in, the security token is missing, or the role may not do this.",
    "404": "There is no such record, or it lies outside your scope.",
    "406": "Only JSON is given out.",
    "409": "Somebody else was faster, or the state of the record no longer permits this. Both texts are in the answer.",
    "412": "The record has moved past the revision in If-Match. Both texts are in the answer.",
    "413": "More was sent than a record can hold.",
    "415": "The body is not of the type that this address takes.",
    "422": "The Idempotency-Key belongs to another request.",
    "428": "Neither If-Match nor the field revision says which revision was seen.",
}
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description=(
        "A name of this request, made by the sender; a UUID serves best. For 24 hours the same request with the same "
        "key gets the first answer again. Refusals are not kept: correct the request and send it with the same key."
    ),
)
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description='The ETag of the record as you have seen it, such as "3".'
)
ETAG = OpenApiParameter(
    "ETag", str, OpenApiParameter.HEADER, response=[200, 201], description="The revision of the record, for If-Match."
)


class Schema(AutoSchema):
    """Adds the refusals; a view names in `refusals` those beyond what its method and address imply, by action."""

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        for code in sorted(self._refusals() - bodies.keys()):
            body = self._get_response_for_code(ProblemSerializer, code, direction=direction)
            bodies[code] = {**body, "description": REFUSALS[code]}
        return bodies

    def _refusals(self) -> set[str]:
        action = getattr(self.view, "action", None)
        codes = {"403", "406", *getattr(self.view, "refusals", {}).get(action, ())}
        if getattr(self.view, "detail", False) or action == "list":
            codes.add("404")  # a list has no page beyond its last one
        if action == "list":
            codes.add("400")
        if self.method in ("POST", "PUT", "PATCH"):
            codes |= {"400", "413", "415"}
        return codes
