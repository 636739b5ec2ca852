"""The truth table of the merge as data: for each base a grid, Kore's values down, v2's across.

| cell | means |
| --- | --- |
| `.` | nothing |
| `half` | a half base: the one value that is seen |
| `base` | the base moves to both values; `base+kore`, `base+v2`: as that side's absorbed change |
| `kore`, `v2` | the other side's value is written there |
| `conflict` | the rule decides, or the direction |
| `look kore > x` | Kore hides what v2 would replace: probe, hold, or with `write` do `x` |
| `look v2 > x` | the mirror of it; v2 is never probed |

A `?` is not observed, a `-` is empty. Under `write` the last value known stands for a hidden one.
"""

STATUS_GRIDS = """
none: ?|?
        | ?    | open     | new      | in_progress | completed
?       | .    | half     | half     | half        | half
open    | half | base     | base     | conflict    | conflict
on hold | half | base     | conflict | base        | conflict
resolved| half | conflict | conflict | conflict    | base

half kore: open|?
        | ?              | open             | new              | in_progress          | completed
?       | .              | look kore > base | look kore > base | look kore > conflict | look kore > conflict
open    | .              | base             | base             | conflict             | conflict
on hold | look v2 > hold | base             | conflict         | base                 | conflict
resolved| look v2 > hold | conflict         | conflict         | conflict             | base

half v2: ?|open
        | ?                  | open     | new              | in_progress      | completed
?       | .                  | .        | look kore > hold | look kore > hold | look kore > hold
open    | look v2 > base     | base     | base             | conflict         | conflict
on hold | look v2 > base     | base     | conflict         | base             | conflict
resolved| look v2 > conflict | conflict | conflict         | conflict         | base

full: open|open
        | ?                   | open      | new                 | in_progress      | completed
?       | .                   | .         | look kore > base+v2 | look kore > kore | look kore > kore
open    | .                   | .         | base+v2             | kore             | kore
on hold | look v2 > base+kore | base+kore | conflict            | base             | conflict
resolved| look v2 > v2        | v2        | conflict            | conflict         | base

absorbed kore: on hold|open
        | ?                   | open      | new                  | in_progress      | completed
?       | .                   | .         | look kore > conflict | look kore > base | look kore > conflict
on hold | .                   | .         | conflict             | base             | conflict
open    | look v2 > base+kore | base+kore | base                 | conflict         | conflict
resolved| look v2 > v2        | v2        | conflict             | conflict         | base

absorbed v2: open|new
        | ?                  | open                | new      | in_progress      | completed
?       | .                  | look kore > base+v2 | .        | look kore > kore | look kore > kore
open    | .                  | base+v2             | .        | kore             | kore
on hold | look v2 > conflict | base                | conflict | base             | conflict
resolved| look v2 > conflict | conflict            | conflict | conflict         | base

carry kore: resolved|new
        | ?                   | new       | in_progress          | in_review        | completed
?       | .                   | .         | look kore > conflict | look kore > base | look kore > base
resolved| look v2 > v2        | v2        | conflict             | base             | base
open    | look v2 > base+kore | base+kore | conflict             | conflict         | conflict
on hold | look v2 > v2        | v2        | base                 | conflict         | conflict

carry v2: open|completed
           | ?                  | new                 | in_progress      | in_review        | completed
?          | .                  | look kore > base+v2 | look kore > kore | look kore > kore | look kore > kore
open       | .                  | base+v2             | kore             | kore             | kore
resolved   | look v2 > base     | conflict            | conflict         | base             | base
in progress| look v2 > conflict | conflict            | base             | base             | conflict

carry kore, unseen v2: resolved|?
        | ?              | new       | in_progress | completed
?       | .              | .         | .           | .
resolved| look v2 > hold | v2        | v2          | base
open    | look v2 > hold | base+kore | v2          | v2
on hold | look v2 > hold | v2        | base+kore   | v2

carry v2, unseen kore: ?|completed
        | ? | new              | in_progress      | completed
?       | . | look kore > hold | look kore > hold | look kore > hold
open    | . | base+v2          | kore             | kore
resolved| . | kore             | kore             | base
on hold | . | kore             | base+v2          | kore
"""  # noqa: E501

TEXT_GRIDS = """
none: ?|?
  | ?    | -    | a        | b
? | .    | half | half     | half
- | half | base | kore     | kore
a | half | v2   | base     | conflict
b | half | v2   | conflict | base

half kore: a|?
  | ?              | -              | a                | b
? | .              | look kore > v2 | look kore > base | look kore > conflict
- | look v2 > hold | base           | conflict         | conflict
a | .              | v2             | base             | conflict
b | look v2 > hold | v2             | conflict         | base

half v2: ?|a
  | ?                  | -                | a        | b
? | .                  | look kore > hold | .        | look kore > hold
- | look v2 > kore     | base             | kore     | kore
a | look v2 > base     | conflict         | base     | conflict
b | look v2 > conflict | conflict         | conflict | base

full: a|a
  | ?            | -                | a  | b
? | .            | look kore > kore | .  | look kore > kore
- | look v2 > v2 | base             | v2 | conflict
a | .            | kore             | .  | kore
b | look v2 > v2 | conflict         | v2 | base

full: -|-
  | ?            | -  | a                | b
? | .            | .  | look kore > kore | look kore > kore
- | .            | .  | kore             | kore
a | look v2 > v2 | v2 | base             | conflict
b | look v2 > v2 | v2 | conflict         | base

carry kore: a|-
  | ?                   | -         | a                | b
? | .                   | .         | look kore > base | look kore > conflict
- | look v2 > base+kore | base+kore | conflict         | conflict
a | look v2 > v2        | v2        | base             | conflict
b | look v2 > v2        | v2        | conflict         | base

carry v2: -|a
  | ?                  | -                   | a                | b
? | .                  | look kore > base+v2 | look kore > kore | look kore > kore
- | .                  | base+v2             | kore             | kore
a | look v2 > base     | conflict            | base             | conflict
b | look v2 > conflict | conflict            | conflict         | base
"""

# What each default translation is, and which statuses agree: design section 6, once more.
TO_V2 = {
    "open": "open",
    "in progress": "in_progress",
    "on hold": "open",
    "resolved": "completed",
    "closed": "completed",
}
TO_KORE = {
    "new": "open",
    "open": "open",
    "in_progress": "in progress",
    "in_review": "in progress",
    "completed": "resolved",
    "cancelled": "closed",
}
AGREE = {
    "open": {"new", "open"},
    "in progress": {"in_progress", "in_review"},
    "on hold": {"open", "in_progress"},
    "resolved": {"in_review", "completed"},
    "closed": {"completed", "cancelled"},
}

# Who wins a conflict: rule, seconds of Kore's and v2's last change, winner. What a person has
# decided beats every rule; the source of the one direction beats both.
WINNERS = """
rule   | kore | v2   | winner
newest | 100  | 0    | kore
newest | 0    | 100  | v2
newest | 6    | 0    | kore
newest | 0    | 6    | v2
newest | 5    | 0    | tie
newest | 0    | 5    | tie
newest | 0    | 0    | tie
newest | none | 0    | tie
newest | 0    | none | tie
newest | none | none | tie
kore   | 0    | 100  | kore
kore   | 100  | 0    | kore
kore   | none | none | kore
v2     | 100  | 0    | v2
v2     | 0    | 100  | v2
v2     | none | none | v2
manual | 100  | 0    | a person
manual | 0    | 100  | a person
manual | none | none | a person
"""
