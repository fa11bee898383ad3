"""Square codes (QR), drawn into the page itself: no picture from elsewhere is asked for."""

import io

import segno
from markupsafe import Markup


def qr_code(address: str, *, is_sized: bool = True) -> Markup:
    """A QR code of an address as an inline SVG drawing; without a size of its own it fills the place it is given."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", scale=5, border=2, xmldecl=False, svgns=True, nl=False, omitsize=not is_sized
    )
    return Markup(out.getvalue().decode())  # noqa: S704  (drawn by segno; the address is encoded as modules)
