"""Every way in which a service does not answer has a next step of its own."""

import pytest

from bridge.domain.advise import advise
from bridge.errors import (
    BadAnswer,
    KeyRefused,
    NotFound,
    NotYet,
    ServiceError,
    TaskRefused,
    Unreachable,
)

DNS = "The name is not known (DNS): check the host in v2.base_url and this network."
REFUSED = "Nothing listens there: check host and port in v2.base_url."
UNTRUSTED = (
    "The certificate is not trusted: check v2.base_url; a company's own authority has to be known "
    "to this machine (SSL_CERT_FILE)."
)
SLOW = "Check the network and its proxy, or raise v2.timeout_seconds."
USUAL = "Check v2.base_url and the network, and try again."
KEY = "Do what it says and check again; nothing runs until the key is taken."


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("v2 cannot be reached: [Errno -2] Name or service not known.", DNS),
        ("[Errno 8] nodename nor servname provided, or not known", DNS),
        ("getaddrinfo failed", DNS),
        ("Temporary failure in name resolution", DNS),
        ("[Errno -5] No address associated with hostname", DNS),
        ("v2 cannot be reached: [Errno 111] Connection refused.", REFUSED),
        ("certificate verify failed: self-signed", UNTRUSTED),
        ("[SSL: WRONG_VERSION_NUMBER]", UNTRUSTED),
        ("TLS handshake", UNTRUSTED),
        ("v2 did not answer in time (30 s).", SLOW),
        ("The read timed out.", SLOW),
        ("v2, asked for it, answered 503.", USUAL),
    ],
)
def test_why_a_service_is_not_reached_is_told_by_the_words_of_the_network(
    text: str, advice: str
) -> None:
    assert advise(Unreachable("v2", text)) == advice


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (KeyRefused("kore", "401", status=401), KEY),
        (TaskRefused("v2", "403"), KEY),
        (
            NotFound("kore", "404"),
            "There is no such service: check kore.base_url and kore.stream_id.",
        ),
        (NotFound("v2", "404"), "There is no such service: check v2.base_url."),
        (NotYet("v2", "429", seconds=40.4), "Check again in 40 s."),
        (
            BadAnswer("v2", "HTML, connection refused"),
            "Check that v2.base_url is that of the service itself.",
        ),
    ],
)
def test_the_next_step_fits_what_happened(error: ServiceError, advice: str) -> None:
    assert advise(error) == advice
