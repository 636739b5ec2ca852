"""The users of a simulated v2 company, private fields included so that clients can drop them."""

import random

from bridge.sandbox.answers import JsonObject
from bridge.sandbox.identity import object_id
from bridge.sandbox.moments import iso_of
from bridge.sandbox.v2.switches import V2Switches
from bridge.sandbox.v2.task import User

ACTIVE, INACTIVE = 1, 2


def user_named(name: str, number: int, rng: random.Random, *, is_active: bool = True) -> User:
    """A new person with made-up private data."""
    first, _, last = name.partition(" ")
    return User(
        id=object_id(rng),
        number=number,
        first_name=first,
        last_name=last,
        is_active=is_active,
        private=_private(first, last, number, rng),
    )


def _private(first: str, last: str, number: int, rng: random.Random) -> JsonObject:
    """What a user record holds and nobody else may keep (documented as a danger)."""
    return {
        "password": f"$2b$10$made.up.{rng.getrandbits(64):016x}",
        "tokens": [f"made-up-token-{rng.getrandbits(64):016x}"],
        "email": f"{first}.{last}@example.com".lower().replace(" ", ""),
        "birthDate": iso_of(rng.randrange(0, 10**12)),
        "insuranceNumber": f"INS-{number:06d}",
    }


def shown_user(user: User, company_id: str, switches: V2Switches) -> JsonObject:
    """The record as the API shows it, private fields and all."""
    if switches.user_fields == "id_only":
        return {"_id": user.id}
    state = ACTIVE if user.is_active else INACTIVE
    return {
        "_id": user.id,
        "number": user.number,
        "companyId": company_id,
        "status": {"status": str(state) if switches.user_status == "string" else state},
        "general": {
            "firstName": user.first_name,
            "lastName": user.last_name,
            "birthDate": user.private["birthDate"],
            "insuranceNumber": user.private["insuranceNumber"],
        },
        "email": user.private["email"],
        "password": user.private["password"],
        "tokens": user.private["tokens"],
    }
