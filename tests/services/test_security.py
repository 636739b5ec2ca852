"""Keys go to the right service alone, and nowhere else."""

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bridge.domain.exchange import Order, Purpose
from bridge.errors import Unreachable
from bridge.services.kore import KoreSettings
from bridge.services.v2 import V2Settings
from tests.services.clients import API_KEY, KORE_SETTINGS, SECRET, Bench


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    """A server with a certificate that nobody vouches for, and the requests that reached it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    file = tmp_path / "stranger.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    reached: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reached.append(self.path)

    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}", reached
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_service_whose_certificate_is_not_trusted_gets_no_key(
    stranger: tuple[str, list[str]],
) -> None:
    url, reached = stranger
    with pytest.raises(Unreachable, match="certificate verify failed"):
        Bench().v2(url, retry_seconds=0).page(Order.STABLE, 0, purpose=Purpose.POLL)
    assert reached == []


def test_settings_show_no_secret() -> None:
    kore = KoreSettings(
        base_url="http://h", **{**KORE_SETTINGS, "private_key": "pem one", "jwe_key": "pem two"}
    )
    shown = repr(kore) + repr(V2Settings(base_url="http://h", api_key=API_KEY))
    assert not [text for text in (SECRET, API_KEY, "pem one", "pem two") if text in shown]
