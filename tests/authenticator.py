"""A phone's passkeys without the phone: makes keys and signs with them as WebAuthn says (ES256, no certificate)."""

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One key. `count` is how often it signed; `flags` whether somebody was there, and was recognised."""

    origin: str
    flags: int = PRESENT | VERIFIED
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def create(self, options: dict[str, Any], **told: Any) -> str:
        """The answer to `navigator.credentials.create`; `told` changes what is said of type, challenge or origin."""
        site = options["rp"]["id"]
        public = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
        about = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + cbor2.dumps(cose)
        whole = {"fmt": "none", "attStmt": {}, "authData": self._data(site, HAS_KEY) + about}
        client = self._client("webauthn.create", options["challenge"], told)
        return self._answer(attestationObject=cbor2.dumps(whole), clientDataJSON=client)

    def get(self, options: dict[str, Any], **told: Any) -> str:
        """The answer to `navigator.credentials.get`."""
        self.count += 1
        data = self._data(told.pop("site", options["rpId"]))
        client = self._client("webauthn.get", options["challenge"], told)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(authenticatorData=data, clientDataJSON=client, signature=signature)

    def _data(self, site: str, more: int = 0) -> bytes:
        return hashlib.sha256(site.encode()).digest() + struct.pack(">BI", self.flags | more, self.count)

    def _client(self, kind: str, challenge: str, told: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False, **told}
        return json.dumps(said).encode()

    def _answer(self, **parts: bytes) -> str:
        known = text_of(self.credential_id)
        response = {name: text_of(part) for name, part in parts.items()}
        whole = {"id": known, "rawId": known, "type": "public-key", "response": response, "clientExtensionResults": {}}
        return json.dumps(whole)


def text_of(part: bytes) -> str:
    """Bytes as WebAuthn writes them."""
    return urlsafe_b64encode(part).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    """What `text_of` wrote."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
