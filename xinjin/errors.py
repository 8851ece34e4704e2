"""The errors that verbs raise beside ValidationError."""


class Conflict(Exception):
    """The record is no longer in the state, or at the revision, that the writer saw: HTTP 409.

    The first argument is a translated sentence for the person; `mine` and `theirs`, when given, are the texts that
    the page puts side by side so that nothing typed is lost. `state` is the code of the state of the record, where
    the edge that answers has looked.
    """

    state = ""

    def __init__(self, message: str, *, mine: dict | None = None, theirs: dict | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.mine = mine or {}
        self.theirs = theirs or {}
