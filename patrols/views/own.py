"""The signed-in person as an author, for the pages."""

from patrols.authors import own_officer, own_visit, person_of

__all__ = ["own_officer", "own_visit", "person_of"]
