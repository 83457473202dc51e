#!/usr/bin/env bash
# pywebpush writes the audience of the first push service into the caller's claims, and sends it to the second one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pywebpush==2.5.0 py-vapid==1.9.6

cat > push.py <<'END'
import base64
import json
import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from pywebpush import webpush


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def subscription(host: str) -> dict[str, object]:
    """What a browser hands over (W3C Push API)."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {"endpoint": f"https://{host}/send/1", "keys": {"p256dh": text(point), "auth": text(os.urandom(16))}}


class Recorder:
    """A session that sends nothing."""

    status_code, text, headers = 201, "", {}

    def post(self, endpoint: str, headers: dict[str, str], **_: object) -> "Recorder":
        body = {name.lower(): value for name, value in headers.items()}["authorization"].split("t=")[1].split(".")[1]
        print("to", endpoint.split("/")[2], "for", json.loads(base64.urlsafe_b64decode(body + "=="))["aud"])
        return self


keys = Vapid02()
keys.generate_keys()
claims = {"sub": "mailto:school@example.org"}
for host in ("one.example", "two.example"):
    webpush(subscription(host), "x", vapid_private_key=keys, vapid_claims=claims, requests_session=Recorder())
print("the caller's claims now hold", *sorted(claims))
END
venv/bin/python push.py > seen.txt

echo "versions: pywebpush 2.5.0, py-vapid 1.9.6"
echo "expected: each service gets a token for itself; RFC 8292, 2: aud is the origin of the push resource, others are refused."
known="to one.example for https://one.example
to two.example for https://one.example
the caller's claims now hold aud exp sub"

seen=$(cat seen.txt)
printf 'seen:\n%s\n' "$seen"
[ "$seen" = "$known" ] || { printf 'this has changed; it was:\n%s\n' "$known"; exit 1; }
