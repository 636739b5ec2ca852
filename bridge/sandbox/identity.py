"""Ids and credentials that look like those of the services, made up from a seed.

Takes a seeded random generator, gives ids; the same seed gives the same ids in the same order.
"""

import random
import uuid


def seeded(*parts: object) -> random.Random:
    """A generator that depends on the parts alone; for made-up worlds, never for secrets."""
    return random.Random(":".join(str(part) for part in parts))  # noqa: S311


def uuid_text(rng: random.Random) -> str:
    """A UUID of version 4, drawn from the generator."""
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def whole_id(prefix: str, rng: random.Random) -> str:
    """`prefix-` and a UUID: streams, agents, customers, organisations (observed)."""
    return f"{prefix}-{uuid_text(rng)}"


def short_id(prefix: str, rng: random.Random) -> str:
    """`prefix-` and a UUID whose first group lacks a character (observed: ti-, ci-, sts-, pr-)."""
    return f"{prefix}-{uuid_text(rng)[1:]}"


def object_id(rng: random.Random) -> str:
    """24 hex digits (documented for v2, and for Kore's account id)."""
    return f"{rng.getrandbits(96):024x}"
