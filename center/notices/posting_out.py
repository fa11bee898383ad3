"""What stands in Apprise's plugins where the library `requests` stood: it posts, and does nothing else.

No other method, no redirect, no certificate unchecked, no proxy of the environment, and only to receivers that are
allowed. What came back is kept for who asks: a chat service may refuse with a status that says all is well.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from center.notices import receivers

MOST_ANSWER = 64 * 1024  # bytes of an answer that are read
_now = threading.local()


class NotPostedError(Exception):
    """Something else was asked for than to post."""


class _Plain(HTTPConnection):
    def _new_conn(self) -> Any:
        return receivers.connect(self._dns_host, self.port, exceptions=_now.exceptions)


class _Encrypted(HTTPSConnection):
    def _new_conn(self) -> Any:
        return receivers.connect(self._dns_host, self.port or 443, exceptions=_now.exceptions)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _EncryptedPool(HTTPSConnectionPool):
    ConnectionCls = _Encrypted


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **values: Any) -> None:
        super().init_poolmanager(*args, **values)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _EncryptedPool}


class PostingOnly:
    """Looks like the library to a plugin."""

    def __getattr__(self, name: str) -> Any:
        if name in {"delete", "get", "head", "options", "patch", "put", "session", "Session"}:
            raise NotPostedError(name)
        return getattr(requests, name)

    def post(self, url: str, **values: Any) -> Any:
        """Post to a webhook."""
        return self.request("POST", url, **values)

    def request(self, method: str, url: str, **values: Any) -> Any:
        """Post to a webhook. Raises NotPostedError, and ReceiverNotAllowedError."""
        if method.upper() != "POST":
            raise NotPostedError(method)
        wanted = {name: values[name] for name in ("auth", "data", "headers", "json", "params") if name in values}
        with requests.Session() as session:
            session.trust_env = False
            session.mount("http://", _Adapter())
            session.mount("https://", _Adapter())
            answer = session.post(
                url, **wanted, allow_redirects=False, verify=True, timeout=receivers.SECONDS, stream=True
            )
            answer._content = answer.raw.read(MOST_ANSWER, decode_content=False)
            answer._content_consumed = True
        _now.answers.append(answer)
        return answer


@contextmanager
def posting(module: Any, exceptions: Sequence[str]) -> Iterator[list[Any]]:
    """Let a plugin's module post, in this thread; what came back is added to the list."""
    if not isinstance(module.requests, PostingOnly):
        module.requests = PostingOnly()
    _now.answers, _now.exceptions = [], exceptions
    yield _now.answers
