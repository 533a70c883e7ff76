"""A small ACME client (RFC 8555): account, order, challenges. Publishes nothing itself."""
import base64
import dataclasses
import hashlib
import json
import ssl
import time
import urllib.error
import urllib.request

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

COORDINATE = 32  # bytes of a P-256 coordinate
POLL_SECONDS = 0.05


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def compact(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


@dataclasses.dataclass
class Authorization:
    url: str
    name: str        # "*.shop.example" for the one of a wildcard
    challenge: str   # URL of its challenge
    proof: str       # key authorization: what the file of http-01 must hold
    digest: str      # what the TXT record of dns-01 must hold


class Client:
    """One account at the CA whose directory is at `directory`; its certificate is in `ca_file`."""

    def __init__(self, directory, ca_file):
        self.tls = ssl.create_default_context(cafile=ca_file)
        self.key = ec.generate_private_key(ec.SECP256R1())
        point = self.key.public_key().public_numbers()
        self.jwk = {"crv": "P-256", "kty": "EC", "x": b64(point.x.to_bytes(COORDINATE, "big")),
                    "y": b64(point.y.to_bytes(COORDINATE, "big"))}
        self.thumbprint = b64(hashlib.sha256(compact(self.jwk)).digest())
        self.nonce = self.account = None
        self.urls = self._send(directory)[0]
        self.account = self._post(self.urls["newAccount"], {"termsOfServiceAgreed": True})[1]["Location"]

    def order(self, names, method="dns-01"):
        """The authorizations of a new order, in the order of the names."""
        identifiers = [{"type": "dns", "value": name} for name in names]
        order, _ = self._post(self.urls["newOrder"], {"identifiers": identifiers})
        found = [self._authorization(url, method) for url in order["authorizations"]]
        return sorted(found, key=lambda each: names.index(each.name))

    def decision(self, authorization, timeout):
        """Has the CA look, and returns its final word: "" for yes, else what it complains about."""
        self._post(authorization.challenge, {})
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            state, _ = self._post(authorization.url)
            if state["status"] == "valid":
                return ""
            if state["status"] == "invalid":
                return self._complaint(authorization)
            time.sleep(POLL_SECONDS)
        raise TimeoutError(f"the CA did not decide on {authorization.name} in {timeout} s")

    def _complaint(self, authorization):
        error = self._post(authorization.challenge)[0]["error"]
        return f"{error['type'].rpartition(':')[2]}: {error['detail']}"

    def _authorization(self, url, method):
        state, _ = self._post(url)
        challenge = next(c for c in state["challenges"] if c["type"] == method)
        proof = f"{challenge['token']}.{self.thumbprint}"
        wildcard = "*." if state.get("wildcard") else ""
        return Authorization(url, wildcard + state["identifier"]["value"], challenge["url"],
                             proof, b64(hashlib.sha256(proof.encode()).digest()))

    def _post(self, url, payload=None):
        """A signed request; without payload it is POST-as-GET."""
        if self.nonce is None:
            self._send(self.urls["newNonce"])
        head = {"alg": "ES256", "nonce": self.nonce, "url": url}
        head.update({"kid": self.account} if self.account else {"jwk": self.jwk})
        protected, body = b64(compact(head)), "" if payload is None else b64(compact(payload))
        signature = self.key.sign(f"{protected}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
        raw = b"".join(n.to_bytes(COORDINATE, "big") for n in decode_dss_signature(signature))
        self.nonce = None
        return self._send(url, compact({"protected": protected, "payload": body,
                                        "signature": b64(raw)}))

    def _send(self, url, data=None):
        request = urllib.request.Request(url, data, {"Content-Type": "application/jose+json"})
        try:
            with urllib.request.urlopen(request, context=self.tls, timeout=30) as reply:
                self.nonce = reply.headers.get("Replay-Nonce", self.nonce)
                body = reply.read()
                return (json.loads(body) if body else {}), reply.headers
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{url}: {error.code} {error.read().decode()}") from error
