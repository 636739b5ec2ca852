"""Invented texts of field work: titles, descriptions, customers and people.

Takes a seeded generator, gives texts with everything that trips a sync: umlauts, signs beyond
the basic plane, several kinds of line ends, HTML, trailing blanks. Nobody here is real.
"""

import random
from datetime import datetime

from bridge.sandbox.moments import from_ms

WORKS = (
    "Replace the circulation pump",
    "Check the delivery note",
    "Inspect the roof drain",
    "Call the customer back",
    "Read the heat meter",
    "Seal the leaking window",
    "Renew the fire door closer",
    "Test the emergency lighting",
    "Unblock the kitchen drain",
    "Adjust the lift doors",
    "Survey water damage",
    "Exchange the boiler's control board",
    "Clean the ventilation grille",
    "Mount the missing handrail",
    "Measure for new blinds",
    "Überprüfe die Heizung",
    "Réparer le volet roulant",
)
PLACES = (
    "Birch Court 4",
    "Mill Lane 12",
    "Harbour House",
    "Block C, 3rd floor",
    "Gärtnerweg 7",
    "North Depot",
    "Lindenhof",
    "the underground car park",
    "Flat 17b",
    "Unit 9 & 10",
)
DETAILS = (
    "",
    "The tenant is at home in the mornings only.",
    "Key is with the caretaker.\r\nPlease bring it back.",
    "Two of five boxes arrived.\nThe rest is late.  ",
    "<p>Water on the floor of the <b>boiler room</b>.</p><p>Photos follow &amp; a plan.</p>",
    "Größe: 120 x 80 cm, bitte vorher anrufen (Schlüssel à la réception).",
    "Noise at night 🔧🌙, worse since last week.",
    "1. Switch off\n2. Drain\n3. Replace\n\nThen fill up again.",
    "Cafe\u0301 on the ground floor, ask for the manager.",
    "Third visit. Spare part:\tPN-4471/b",
)
NOTES = (
    "Customer called, will be at home from 14:00.",
    "Part ordered, arrives on Thursday.",
    "Nobody answered the door.",
    "Done, photos are in the folder ✅",
    "Needs a second person and a ladder.",
    "Rückruf erbeten.",
)
COMPANIES = (
    "Northwind Housing",
    "Alder & Birch Estates",
    "Harbour Flats Ltd",
    "Beispiel Wohnbau",
    "Sample Street Trust",
    "Larkspur Care Homes",
)
BOTH_SIDES = ("Ada Beispiel", "Ben Sample", "Chloé Exemple", "Dirk Muster")
KORE_ONLY = ("Eve Desk", "Finn Hotline")
V2_ONLY = ("Gita Field", "Hugo Van", "Ines Ladder")
TAGS = ["warranty", "key needed", "second visit", "urgent call", "Schlüssel"]


def title(rng: random.Random) -> str:
    """A piece of work, mostly with a place."""
    work = rng.choice(WORKS)
    return work if rng.random() < 0.15 else f"{work}, {rng.choice(PLACES)}"


def description(rng: random.Random) -> str:
    """Nothing, or some sentences in one of many shapes."""
    return rng.choice(DETAILS)


def moment(milliseconds: int) -> datetime:
    """A due date: some whole quarter of an hour."""
    return from_ms(milliseconds - milliseconds % 900_000)


def customer(rng: random.Random, number: int) -> dict[str, str]:
    """Name, emailId and phoneNumber of an invented customer."""
    name = rng.choice(COMPANIES)
    return {
        "name": name,
        "emailId": f"customer{number}@example.com",
        "phoneNumber": f"+49 30 5550{number:04d}",
    }
