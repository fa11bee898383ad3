"""What a test looks up is there, or the test fails where it looked."""

from typing import TypeVar

Found = TypeVar("Found")


def there(found: Found | None) -> Found:
    """The same, which is not None."""
    assert found is not None, "there is none"
    return found
