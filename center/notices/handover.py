"""Handing a message over to the machine that takes it on: a mail gateway, or a chat group's webhook. No database here.

Apprise knows the addresses of either kind. It gives every e-mail a new Message-ID, so e-mail is spoken here, to the
gateway that the address names; docs/decisions/0006 has more. Nothing here logs an address: they hold passwords.
"""

import logging
import smtplib
import ssl
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Any

from center.notices import addresses, receivers
from center.notices.receivers import SECONDS, ReceiverNotAllowedError

NOT_UNDERSTOOD = "the address is not one that Apprise understands"
NOT_ANSWERING = "it could not be reached, or did not answer"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One message, ready to be handed over. `message_id` is the same however often that happens."""

    url: str
    message_id: str
    subject: str
    text: str
    to: str = ""  # of e-mail
    sender: str = ""  # the name from which e-mail comes
    written_at: datetime
    exceptions: tuple[str, ...] = ()  # receivers that may be of this machine's own network


class HandOverFailed(Exception):
    """It was not taken on. `is_final`: trying again cannot help. `is_gateway`: the gateway itself is out of order."""

    def __init__(self, says: str, *, is_final: bool = False, is_gateway: bool = False) -> None:
        super().__init__(says)
        self.says, self.is_final, self.is_gateway = says[:200], is_final, is_gateway


def hand_over(letter: Letter) -> None:
    """Hand a message over once; returns when it was taken on, raises HandOverFailed when it was not."""
    plugin = _plugin(letter.url)
    try:
        with receivers.deadline(receivers.DEADLINE):
            if hasattr(plugin, "smtp_host"):
                _mail(plugin, letter)
            else:
                _post(plugin, letter)
    except ReceiverNotAllowedError:
        raise HandOverFailed(receivers.NOT_ALLOWED, is_final=True) from None


def _plugin(url: str) -> Any:
    """What Apprise makes of an address. Imported here: only the worker needs it."""
    import apprise

    quiet = logging.getLogger("apprise")  # what it logs may hold an address
    quiet.handlers, quiet.propagate = [logging.NullHandler()], False
    if addresses.has_own_terms(url):
        raise HandOverFailed("the address sets terms of its own, which are not followed", is_final=True)
    plugin = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    if plugin is None:
        raise HandOverFailed(NOT_UNDERSTOOD, is_final=True)
    plugin.retry = 0  # tries are counted in the database
    plugin.socket_connect_timeout = plugin.socket_read_timeout = SECONDS
    return plugin


def _mail(plugin: Any, letter: Letter) -> None:
    try:
        message = _message(letter, sender=letter.sender, address=plugin.from_addr[1])
    except (MessageError, ValueError, IndexError) as error:
        raise HandOverFailed(f"this is no e-mail address: {type(error).__name__}", is_final=True) from None
    with _gateway(plugin, letter.exceptions) as gateway:
        try:
            gateway.send_message(message, from_addr=plugin.from_addr[1], to_addrs=[letter.to])
        except smtplib.SMTPRecipientsRefused as refused:
            raise _refused(*next(iter(refused.recipients.values())), may_be_final=True) from None
        except smtplib.SMTPDataError as refused:
            raise _refused(refused.smtp_code, refused.smtp_error, may_be_final=True) from None
        except smtplib.SMTPResponseException as refused:
            raise _refused(refused.smtp_code, refused.smtp_error) from None
        except UnicodeEncodeError:
            raise HandOverFailed("the gateway takes no such e-mail address", is_final=True) from None
        except (OSError, smtplib.SMTPException):
            raise HandOverFailed(NOT_ANSWERING) from None


def _message(letter: Letter, *, sender: str, address: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((sender, address))
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = f"<{letter.message_id}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


class _Smtp(smtplib.SMTP):
    """Connects to receivers that are allowed, and to no others."""

    def __init__(self, exceptions: Sequence[str], *args: Any, **values: Any) -> None:
        self.exceptions = exceptions
        super().__init__(*args, **values)

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        return receivers.connect(host, port, exceptions=self.exceptions, timeout=timeout)


class _EncryptedSmtp(_Smtp, smtplib.SMTP_SSL):
    """The same, encrypted from the first word on."""

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        return self.context.wrap_socket(super()._get_socket(host, port, timeout), server_hostname=host)


@contextmanager
def _gateway(plugin: Any, exceptions: Sequence[str]) -> Iterator[smtplib.SMTP]:
    """The mail gateway, connected and signed in to."""
    context = ssl.create_default_context()
    smtp: smtplib.SMTP | None = None
    try:
        if plugin.secure_mode == "ssl":
            smtp = _EncryptedSmtp(exceptions, plugin.smtp_host, plugin.port, timeout=SECONDS, context=context)
        else:
            smtp = _Smtp(exceptions, plugin.smtp_host, plugin.port, timeout=SECONDS)
        if plugin.secure_mode == "starttls":
            smtp.starttls(context=context)
        if plugin.user and plugin.password:
            smtp.login(plugin.user, plugin.password)
    except smtplib.SMTPAuthenticationError:
        _leave(smtp)
        raise HandOverFailed("the gateway does not accept the sign-in", is_gateway=True) from None
    except (OSError, smtplib.SMTPException):
        _leave(smtp)
        raise HandOverFailed(NOT_ANSWERING, is_gateway=True) from None
    try:
        yield smtp
    finally:
        _leave(smtp)


def _leave(smtp: smtplib.SMTP | None) -> None:
    """Say goodbye; what was taken on stays so, even if nobody answers this."""
    if smtp is not None:
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()


def _refused(code: int, says: bytes | str, *, may_be_final: bool = False) -> HandOverFailed:
    text = says.decode("utf-8", "replace") if isinstance(says, bytes) else says
    return HandOverFailed(f"{code} {' '.join(text.split())}", is_final=may_be_final and 500 <= code < 600)


def _post(plugin: Any, letter: Letter) -> None:
    """Post it to a webhook, whose answer is read: a chat service may refuse with a status that says all is well."""
    takes_headers = isinstance(getattr(plugin, "headers", None), dict)
    if takes_headers:
        plugin.headers = {"Idempotency-Key": letter.message_id}
    from center.notices.posting_out import NotPostedError, posting  # only the worker needs what it brings along

    with posting(sys.modules[type(plugin).__module__], letter.exceptions) as answers:
        try:
            taken = plugin.notify(body=letter.text, title=letter.subject)
        except NotPostedError:
            raise HandOverFailed("messages are posted, and nothing else", is_final=True) from None
    if not answers:
        raise HandOverFailed(NOT_ANSWERING, is_gateway=True)
    if trouble := _trouble(answers[-1], is_chat=not takes_headers):
        raise HandOverFailed(trouble, is_gateway=True)
    if not taken:
        raise HandOverFailed("it was not taken on", is_gateway=True)


def _trouble(answer: Any, *, is_chat: bool) -> str:
    """What an answer complains of, or nothing. WeCom and DingTalk say `errcode`, Feishu says `code`."""
    if not 200 <= answer.status_code < 300:
        return f"it answered with status {answer.status_code}"
    if not is_chat:
        return ""
    try:
        said = answer.json()
    except ValueError:
        return ""
    code = next((said[name] for name in ("errcode", "code") if name in said), 0) if isinstance(said, dict) else 0
    return f"it answered with code {code}" if isinstance(code, int) and code not in {0, 200} else ""
