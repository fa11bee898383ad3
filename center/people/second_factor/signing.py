"""What a browser is asked of a passkey, and whether its answer is right (WebAuthn, by the library `webauthn`).

Nothing here reads or writes the database. The library is imported where it is used: few pages need it.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from center.people.second_factor.models import Passkey
from center.people.second_factor.rules import CHALLENGE_LASTS, Site

MOST_CHARACTERS = 20_000  # of an answer; a real one has a tenth of it
CHALLENGE_BYTES = 32


class WrongAnswerError(Exception):
    """This answer proves nothing: of another site, to another question, or not signed by that key."""


@dataclass(frozen=True)
class NewKey:
    """A key that a browser has made for this site."""

    credential_id: str
    public_key: bytes
    sign_count: int


def to_register(
    site: Site, challenge: bytes, *, known: Sequence[Passkey], centre: str, login: str, handle: bytes
) -> str:
    """What the browser is told to make a key: JSON. `handle` stands for the account and says nothing of anybody."""
    import webauthn
    from webauthn.helpers.structs import AuthenticatorSelectionCriteria, UserVerificationRequirement

    options = webauthn.generate_registration_options(
        rp_id=site.name,
        rp_name=centre or site.name,
        user_id=handle,
        user_name=login,
        challenge=challenge,
        timeout=int(CHALLENGE_LASTS.total_seconds() * 1000),
        authenticator_selection=AuthenticatorSelectionCriteria(user_verification=UserVerificationRequirement.REQUIRED),
        exclude_credentials=_descriptors(known),
        supported_pub_key_algs=_algorithms(),
    )
    return str(webauthn.options_to_json(options))


def to_sign(site: Site, challenge: bytes, *, known: Sequence[Passkey]) -> str:
    """What the browser is told to let one of these keys say yes: JSON."""
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement

    options = webauthn.generate_authentication_options(
        rp_id=site.name,
        challenge=challenge,
        timeout=int(CHALLENGE_LASTS.total_seconds() * 1000),
        allow_credentials=_descriptors(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return str(webauthn.options_to_json(options))


def registered(site: Site, challenge: bytes, answer: str) -> NewKey:
    """The key that was made. Raises WrongAnswerError. Who built the key is not asked, so nothing is said of that."""
    import webauthn
    from webauthn.helpers import bytes_to_base64url, parse_attestation_object, parse_registration_credential_json
    from webauthn.helpers.structs import AttestationFormat

    with _wrong_unless_right():
        credential = parse_registration_credential_json(_read(answer))
        if parse_attestation_object(credential.response.attestation_object).fmt != AttestationFormat.NONE:
            raise WrongAnswerError("a certificate that nobody asked for")
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
            supported_pub_key_algs=_algorithms(),
        )
        return NewKey(bytes_to_base64url(made.credential_id), made.credential_public_key, made.sign_count)


def key_named_in(answer: str) -> str:
    """Which key says it has signed; nothing is proved by that yet. Raises WrongAnswerError."""
    with _wrong_unless_right():
        return str(_read(answer)["id"])


def signed(site: Site, challenge: bytes, answer: str, *, key: Passkey) -> int:
    """How often the key has signed by now. Raises WrongAnswerError; also where it has signed less often than before."""
    import webauthn

    with _wrong_unless_right():
        verified = webauthn.verify_authentication_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
        return int(verified.new_sign_count)


@contextmanager
def _wrong_unless_right() -> Iterator[None]:
    """The library and those below it refuse what they cannot read in many ways; all of them mean no."""
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        yield
    except (
        WebAuthnException,
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        raise WrongAnswerError(type(error).__name__) from error


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > MOST_CHARACTERS:
        raise WrongAnswerError("too long")
    read = json.loads(answer)
    if not isinstance(read, dict):
        raise WrongAnswerError("no object")
    return read


def _descriptors(keys: Sequence[Passkey]) -> list[Any]:
    from webauthn import base64url_to_bytes
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.credential_id)) for key in keys]


def _algorithms() -> list[Any]:
    """What every phone, computer and key ring can do."""
    from webauthn.helpers.cose import COSEAlgorithmIdentifier as Algorithm

    return [Algorithm.ECDSA_SHA_256, Algorithm.EDDSA, Algorithm.RSASSA_PKCS1_v1_5_SHA_256]
