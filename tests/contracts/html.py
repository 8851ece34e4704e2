"""What a browser would refuse or fetch from elsewhere in a page."""

from html.parser import HTMLParser

ADDRESSES = {"href", "src", "action", "formaction", "srcset", "poster", "data", "hx-get", "hx-post", "xlink:href"}


class Inspector(HTMLParser):
    """Collects what strict pages must not have; `lang` is the language of the page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.lang: str | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.lang = given.get("lang")
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") != "application/json"):
            self.found.append(f"inline <{tag}>")
        for name, value in given.items():
            self._attribute(tag, name, value)

    handle_startendtag = handle_starttag

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith(("on", "hx-on")) or name == "style":
            self.found.append(f"<{tag} {name}={value!r}>")
        target = value.strip().lower()
        if name in ADDRESSES and target.startswith(("http:", "https:", "//", "javascript:")):
            self.found.append(f"<{tag} {name}={value!r}>")


def mistakes(text: str) -> list[str]:
    """What a strict page must not have."""
    return Inspector(text).found


VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class _Texts(HTMLParser):
    """The texts of elements with one of some classes."""

    def __init__(self, text: str, classes: set[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.classes = classes
        self.found: list[str] = []
        self.depth = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        given = set((dict(attrs).get("class") or "").split())
        if self.depth or given & self.classes:
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        if self.depth and tag not in VOID:
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.depth and data.strip():
            self.found.append(data.strip())


def texts_of(text: str, classes: set[str]) -> list[str]:
    """What a person reads in the elements with one of the classes."""
    return _Texts(text, classes).found
