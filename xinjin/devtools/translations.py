"""Compiles the message catalogues without GNU gettext: `python -m xinjin.devtools.translations`."""

from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent.parent


def compile_translations(root: Path = ROOT) -> list[Path]:
    """Writes each .mo that is missing or older than its .po, and returns those written."""
    written = []
    for source in sorted(root.glob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        new = target.with_suffix(".mo.new")
        polib.pofile(str(source)).save_as_mofile(str(new))
        new.replace(target)  # in one move: a program that starts meanwhile never reads half a catalogue
        written.append(target)
    return written


if __name__ == "__main__":
    compile_translations()
