"""A wall poster: one page in large type, read from some steps away. Its text is as large as the page permits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib import import_module

from django.utils import translation

from .render import Rendered, file_name
from .table import Text


class Paper(StrEnum):
    """What it is printed on."""

    A3 = "a3"
    A4 = "a4"


@dataclass(frozen=True)
class Box:
    """A figure that is seen first: what is counted, how many, and a word below."""

    label: Text
    value: Text
    hint: Text = ""


@dataclass(frozen=True, kw_only=True)
class Poster:
    """What the poster says; `lead` is the salutation, `foot` stands at the foot of the page."""

    title: Text
    subtitle: Text
    paragraphs: Sequence[Text]
    issued_on: date
    lead: Text = ""
    boxes: Sequence[Box] = ()
    foot: Sequence[Text] = ()
    paper: Paper = Paper.A3


def render_poster(poster: Poster, *, stem: Text = "") -> Rendered:
    """The poster as PDF, always in Chinese. A text too long even for the smallest type goes on to a second page."""
    with translation.override("zh-hans"):
        set_poster: Callable[[Poster], bytes] = import_module(f"{__package__}.poster_pdf").set_poster
        return Rendered(set_poster(poster), "application/pdf", file_name(stem or poster.title, "pdf"))
