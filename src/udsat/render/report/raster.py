"""An SVG as the file that an ending asks for; what converts it is loaded only where
it is needed.
"""

from __future__ import annotations

ENDINGS = (".svg", ".png", ".pdf")
#: Sharp on paper and on dense screens.
_SCALE = 2.0


def picture(svg: str, ending: str) -> bytes:
    """Return an SVG as it is, or as PNG or PDF."""
    if ending == ".svg":
        return svg.encode()
    import vl_convert

    found: bytes = (
        vl_convert.svg_to_png(svg, scale=_SCALE) if ending == ".png" else vl_convert.svg_to_pdf(svg)
    )
    return found
