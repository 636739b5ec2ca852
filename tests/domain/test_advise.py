"""Every way in which a service does not answer has a next step of its own."""

import pytest

from bridge.domain.advise import advise
from bridge.errors import BadAnswer, KeyRefused, NotFound, NotYet, ServiceError, Unreachable


@pytest.mark.parametrize(
    ("error", "wanted"),
    [
        (Unreachable("v2", "v2 cannot be reached: [Errno -2] Name or service not known."), "DNS"),
        (Unreachable("v2", "v2 cannot be reached: [Errno 111] Connection refused."), "listens"),
        (Unreachable("v2", "[SSL: CERTIFICATE_VERIFY_FAILED] self-signed"), "SSL_CERT_FILE"),
        (Unreachable("v2", "v2 did not answer in time (30 s)."), "v2.timeout_seconds"),
        (Unreachable("v2", "v2, asked for it, answered 503."), "try again"),
        (KeyRefused("kore", "401", status=401), "nothing runs"),
        (NotFound("kore", "404"), "kore.stream_id"),
        (NotFound("v2", "404"), "v2.base_url."),
        (NotYet("v2", "429", seconds=40), "in 40 s"),
        (BadAnswer("v2", "an HTML page"), "v2.base_url"),
    ],
)
def test_the_next_step_fits_what_happened(error: ServiceError, wanted: str) -> None:
    assert wanted in advise(error)
