"""What a person can do about a service that does not answer as it should; pure.

The error's own text says what happened and, for a refused key, the likely cause; this adds where
to look. Names, ports and certificates are told apart by the words of the libraries below.
"""

from bridge.domain.side import Side
from bridge.errors import KeyRefused, NotFound, NotYet, ServiceError, TaskRefused, Unreachable

_NAMES = ("name or service", "nodename", "getaddrinfo", "name resolution", "no address")
_REACHING = (
    (_NAMES, "The name is not known (DNS): check the host in {side}.base_url and this network."),
    (("refused",), "Nothing listens there: check host and port in {side}.base_url."),
    (
        ("certificate", "ssl", "tls"),
        "The certificate is not trusted: check {side}.base_url; a company's own authority has to "
        "be known to this machine (SSL_CERT_FILE).",
    ),
    (
        ("in time", "timed out"),
        "Check the network and its proxy, or raise {side}.timeout_seconds.",
    ),
)


def advise(error: ServiceError) -> str:
    """The next step after this error."""
    side = error.side
    if isinstance(error, KeyRefused | TaskRefused):
        return "Do what it says and check again; nothing runs until the key is taken."
    if isinstance(error, NotFound):
        more = " and kore.stream_id" if side == Side.KORE else ""
        return f"There is no such service: check {side}.base_url{more}."
    if isinstance(error, NotYet):
        return f"Check again in {error.seconds:.0f} s."
    if isinstance(error, Unreachable):
        return _reach(side, str(error).lower())
    return f"Check that {side}.base_url is that of the service itself."


def _reach(side: str, text: str) -> str:
    fitting = (advice for words, advice in _REACHING if any(word in text for word in words))
    usual = "Check {side}.base_url and the network, and try again."
    return next(fitting, usual).format(side=side)
