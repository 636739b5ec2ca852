"""The name of a lease's owner tells which process it is, and where its number counts."""

import pytest

from bridge.domain.owner import Owner, label_of, owner_of

ADA = Owner(host="ada", pid=17, place="boot.ns", started="99", mark="x1")


def test_a_process_is_named_by_host_number_place_start_and_mark() -> None:
    assert str(ADA) == "ada:17:boot.ns.99:x1"
    assert str(Owner(host="ada", pid=17)) == "ada:17:.:"


@pytest.mark.parametrize(
    "owner",
    [
        ADA,
        Owner(host="ada", pid=17),
        Owner(host="fe80::1", pid=1, place="boot.ns", started="9", mark="m"),
        Owner(host="ada", pid=17, place="a.b", started="", mark=""),
        Owner(host="", pid=0),
    ],
)
def test_a_name_is_read_back_as_it_was_written(owner: Owner) -> None:
    assert owner_of(str(owner)) == owner


@pytest.mark.parametrize("name", ["", "bench", "ada:17:x", "ada:seventeen:x:y", "ada:-1:x:y"])
def test_any_other_name_is_no_process(name: str) -> None:
    assert owner_of(name) is None
    assert label_of(name) == name


def test_people_read_the_number_and_the_host() -> None:
    assert ADA.label == "process 17 on ada"
    assert label_of(str(ADA)) == "process 17 on ada"
