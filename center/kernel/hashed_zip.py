"""A zip whose last file lists the SHA-256 of every other, so that `sha256sum -c` tells whether all is as it was."""

import hashlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

LIST = "SHA256SUMS.txt"
WHEN = (2026, 1, 1, 0, 0, 0)  # of every file, so that the same records give the same pack


class HashedZip:
    """What is put into it, in order; the list of digests is written when it closes."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive, self._sums = archive, list[str]()

    def put(self, path: str, content: bytes, *, is_packed: bool = False) -> str:
        """Put a file in and return its digest; what is packed already, as a photograph is, is only stored."""
        how = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
        self._archive.writestr(zipfile.ZipInfo(path, WHEN), content, compress_type=how)
        digest = hashlib.sha256(content).hexdigest()
        self._sums.append(f"{digest}  {path}")
        return digest

    def close(self) -> None:
        """Write the list."""
        self._archive.writestr(zipfile.ZipInfo(LIST, WHEN), "\n".join(self._sums) + "\n", zipfile.ZIP_DEFLATED)


@contextmanager
def hashed_zip(out: IO[bytes]) -> Iterator[HashedZip]:
    """A zip that is written to `out`."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        packing = HashedZip(archive)
        yield packing
        packing.close()
