"""Whose tasks a side shows: the place that is asked, and the account that its records name.

Kore is known by stream and account of the settings; v2 by its address, and better by the company
that its records show. Kept as one text, the place and, after a blank, the account.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """A place, and the account there; an empty text is not known."""

    place: str
    account: str = ""

    def __str__(self) -> str:
        return f"{self.place} {self.account}".rstrip()

    @classmethod
    def of(cls, text: str) -> "Identity":
        """The identity that was kept as this text."""
        place, _, account = text.partition(" ")
        return cls(place, account)

    def is_other_than(self, kept: "Identity") -> bool:
        """Whether this is surely not, or cannot be shown to be, the one that was kept.

        An account that both know decides; else the place does.
        """
        if self.account and kept.account:
            return self.account != kept.account
        return self.place != kept.place

    def joined(self, kept: "Identity") -> "Identity":
        """This one, with the account that was known before if it does not tell any."""
        return Identity(self.place, self.account or kept.account)
