"""Copy third-party files into static/vendor, build the icon sprite, and write the manifest of versions and hashes.

Fetch the packages first (`npm pack bootstrap@5.3.9 bootstrap-icons@1.13.2 htmx.org@4.0.1 idb@8.0.3 qr@0.7.0`), unpack
each into a folder `<name>-<version>/package`, then: python tools/vendor.py <folder that holds them>
"""

import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"
PACKAGES = {"bootstrap": "5.3.9", "htmx.org": "4.0.1", "bootstrap-icons": "1.13.2", "idb": "8.0.3", "qr": "0.7.0"}
FILES = [
    ("bootstrap", "dist/css/bootstrap-reboot.min.css", "vendor/bootstrap-reboot.min.css"),
    ("bootstrap", "LICENSE", "vendor/bootstrap.LICENSE"),
    ("htmx.org", "dist/htmx.min.js", "vendor/htmx.min.js"),
    ("htmx.org", "LICENSE", "vendor/htmx.LICENSE"),
    ("bootstrap-icons", "LICENSE", "vendor/bootstrap-icons.LICENSE"),
    ("idb", "build/index.js", "vendor/idb/index.js"),
    ("idb", "LICENSE", "vendor/idb/LICENSE"),
    ("qr", "index.js", "vendor/qr/index.js"),
    ("qr", "decode.js", "vendor/qr/decode.js"),
    ("qr", "LICENSE-MIT", "vendor/qr/LICENSE"),
]
# What the templates say, and after "=" what bootstrap-icons calls it where that differs.
ICONS = """
    alert=exclamation-triangle-fill arrow-left arrow-right ban=slash-circle bell board=calendar3-range
    book=journal-bookmark braille=grid-3x2-gap-fill broom=stars building calendar-check=calendar2-check
    calendar-plus=calendar2-plus calendar-week=calendar3-week calendar-x=calendar2-x calendar=calendar3 camera
    card=person-vcard check-all check-mark=check-lg check=check-circle-fill chevron-down chevron-left chevron-right
    clipboard=clipboard-check clock close=x-lg closed=slash-circle desk=person-workspace door-closed door=door-open
    dot=circle-fill download ear edit=pencil elder=eyeglasses envelope equipment=projector eye flower=flower1
    free=circle group=people guide-dog=universal-access handrails=universal-access hearing-loop=ear heart
    history=clock-history home=house-door hourglass=hourglass-split info=info-circle-fill key keyboard
    language=translate large-print=type leaf=flower2 ledger=journal-text lift=arrow-down-up list=list-ul lock
    map=geo-alt megaphone minus=dash-lg moon=moon-stars music=music-note-beamed mute=volume-mute
    organisations=houses paper=file-earmark-text past=clock-history people=people-fill person person-check
    person-plus phone=telephone-fill plus=plus-lg print=printer qr-scan=qr-code-scan qr=qr-code
    question-mark=question-lg question=question-circle room=door-open search settings=gear shield=shield-check
    sign-in=box-arrow-in-right sign-out=box-arrow-right signpost step-free=signpost stop=x-octagon-fill sun tag
    toilet=badge-wc tools torch=lightbulb trash=trash3 tree undo=arrow-counterclockwise volume=volume-up
    warning=exclamation-triangle-fill wheelchair=person-wheelchair
"""


def main(source: Path) -> None:
    """Write everything anew from the unpacked packages in `source`."""
    (STATIC / "vendor").mkdir(parents=True, exist_ok=True)
    entries = [_copy(source, *row) for row in FILES]
    sprite = STATIC / "icons.svg"
    sprite.write_text(_sprite(_package(source, "bootstrap-icons") / "icons"), encoding="utf-8")
    entries.append(_entry(source, "bootstrap-icons", "icons/*.svg (chosen ones, as one sprite)", sprite))
    manifest = json.dumps(sorted(entries, key=lambda e: e["file"]), indent=2) + "\n"
    (STATIC / "vendor" / "manifest.json").write_text(manifest, encoding="utf-8")


def _package(source: Path, name: str) -> Path:
    return source / f"{name}-{PACKAGES[name]}" / "package"


def _copy(source: Path, name: str, inside: str, target: str) -> dict[str, str]:
    file = STATIC / target
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_package(source, name) / inside, file)
    if file.suffix in {".css", ".js"}:  # the source maps are not vendored
        text = re.sub(r"\n?(/\*# sourceMappingURL=\S+ \*/|//# sourceMappingURL=\S+)\s*$", "\n", file.read_text("utf-8"))
        file.write_text(text, encoding="utf-8")
    return _entry(source, name, inside, file)


def _entry(source: Path, name: str, origin: str, file: Path) -> dict[str, str]:
    package = json.loads((_package(source, name) / "package.json").read_text("utf-8"))
    return {
        "name": name,
        "version": package["version"],
        "licence": package["license"],
        "npm": f"{name}@{package['version']}",
        "origin": origin,
        "file": str(file.relative_to(STATIC)),
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }


def _sprite(folder: Path) -> str:
    symbols = [_symbol(name, folder / f"{theirs}.svg") for name, theirs in _icons()]
    head = '<svg xmlns="http://www.w3.org/2000/svg"><!-- Bootstrap Icons, MIT: vendor/bootstrap-icons.LICENSE -->'
    return "\n".join([head, *symbols, "</svg>", ""])


def _icons() -> list[tuple[str, str]]:
    pairs = [word.partition("=") for word in ICONS.split()]
    return sorted((ours, theirs or ours) for ours, _equals, theirs in pairs)


def _symbol(name: str, file: Path) -> str:
    drawing = re.search(r"<svg[^>]*>(.*)</svg>", file.read_text("utf-8"), re.S)
    assert drawing is not None, file
    return f'<symbol id="{name}" viewBox="0 0 16 16">{"".join(drawing[1].split(chr(10))).strip()}</symbol>'


if __name__ == "__main__":
    main(Path(sys.argv[1]))
