"""Contact data sealed with a key outside the database, and the codes of tickets: only their hashes are stored."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is misread aloud: no 0 O 1 I L
CODE_LENGTH = 8


class Seal:
    """Made from LIANBAO_SECRET_KEY; who has the database alone reads nothing."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._fernet = Fernet(base64.urlsafe_b64encode(self._derive("contact")))

    def _derive(self, purpose: str) -> bytes:
        return hmac.new(self._secret, f"lianbao {purpose}".encode(), hashlib.sha256).digest()

    def close(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Raises ValueError where it was sealed with another key."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise ValueError("sealed with another key") from error

    def query_code(self, draft: str) -> str:
        """The query code of the ticket that a draft becomes: the same each time it is filed, and not to be guessed (31⁸)."""
        number = int.from_bytes(hmac.new(self._derive("query code"), draft.encode(), hashlib.sha256).digest(), "big")
        return "".join(ALPHABET[(number // len(ALPHABET) ** i) % len(ALPHABET)] for i in range(CODE_LENGTH))

    def hash_of(self, code: str) -> str:
        return hmac.new(self._derive("code hash"), code.upper().encode(), hashlib.sha256).hexdigest()
