"""A throw-away certificate authority and the server certificate that it signed, made by openssl."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

ECDSA = ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
RSA = ["rsa:2048"]

NAMES = "DNS:localhost,DNS:app.test,DNS:*.app.test,IP:127.0.0.1"


@dataclass(frozen=True)
class Pki:
    """Files in PEM form. `certificate` is the server's, signed by `authority`."""

    authority: Path
    certificate: Path
    key: Path


def make_pki(folder: Path, kind: list[str] = ECDSA) -> Pki:
    """Makes both with keys of that kind (`ECDSA`, `RSA`), good for two days; private keys are 0600."""
    ca_key, ca = folder / "ca.key", folder / "ca.pem"
    key, request, certificate = folder / "tls.key", folder / "tls.csr", folder / "tls.pem"
    new_key = ["-newkey", *kind, "-nodes", "-days", "2"]
    _openssl(
        ["req", "-x509", *new_key, "-keyout", ca_key, "-out", ca, "-subj", "/CN=Test authority"]
        + ["-addext", "keyUsage=critical,keyCertSign"]
    )
    _openssl(
        ["req", "-new", *new_key[:-2], "-keyout", key, "-out", request, "-subj", "/CN=localhost"]
    )
    extensions = folder / "tls.ext"
    extensions.write_text(f"subjectAltName={NAMES}\nextendedKeyUsage=serverAuth\n")
    _openssl(
        ["x509", "-req", "-in", request, "-CA", ca, "-CAkey", ca_key, "-CAcreateserial"]
        + ["-days", "2", "-extfile", extensions, "-out", certificate]
    )
    for private in (ca_key, key):
        private.chmod(0o600)
    return Pki(authority=ca, certificate=certificate, key=key)


def _openssl(arguments: list[str | Path]) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
