"""What a page looks for in a query or a form: of what it never looks for, no value can be an error of ours."""

from typing import Any, ClassVar

from flask import Flask
from werkzeug.datastructures import ImmutableMultiDict


class Noting(ImmutableMultiDict[str, str]):
    """What was sent, noting for which names a page looks."""

    looked_for: ClassVar[set[str]] = set()

    def get(self, key: str, *rest: Any, **more: Any) -> Any:
        self.looked_for.add(key)
        return super().get(key, *rest, **more)

    def getlist(self, key: str, *rest: Any, **more: Any) -> Any:
        self.looked_for.add(key)
        return super().getlist(key, *rest, **more)

    def __getitem__(self, key: str) -> Any:
        self.looked_for.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.looked_for.add(str(key))
        return super().__contains__(key)


def noting_requests(app: Flask) -> type:
    """Requests of the app that note it, to be set as its `request_class`."""
    return type("NotingRequest", (app.request_class,), {"parameter_storage_class": Noting})
