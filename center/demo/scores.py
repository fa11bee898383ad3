"""A score and a recording for the demonstration: a page with empty staves, and a few beats of a drum."""

import io
import math
import struct
import wave

RATE = 8_000


def score(title: str) -> bytes:
    """A page with a title and six empty staves, as PDF."""
    lines = [f"BT /F1 20 Tf 72 780 Td ({title}) Tj ET", "0.7 w"]
    for staff in range(6):
        for line in range(5):
            y = 700 - staff * 105 - line * 9
            lines.append(f"72 {y} m 523 {y} l S")
    stream = "\n".join(lines).encode("ascii", "replace")
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    out, starts = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(bodies, start=1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % each for each in starts)
    out += b"xref\n0 5\n0000000000 65535 f \n%strailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(out),
    )
    return bytes(out)


def recording(beats: int) -> bytes:
    """Some beats of a drum, half a second each, as WAV."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        one = [
            int(18_000 * math.exp(-n / 700) * math.sin(2 * math.pi * (70 + 60 * math.exp(-n / 400)) * n / RATE))
            for n in range(RATE // 2)
        ]
        file.writeframes(struct.pack(f"<{len(one)}h", *one) * max(2, beats))
    return out.getvalue()
