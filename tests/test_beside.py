"""A second process has loaded what it needs before it is asked, and is not there where it would be of no use."""

from __future__ import annotations

import os
import sys
from concurrent.futures.process import BrokenProcessPool

import pytest

from rollout.beside import second_process


def test_the_other_process_is_another_one_and_has_loaded_the_module() -> None:
    with second_process("tabnanny") as elsewhere:
        assert elsewhere is not None
        assert elsewhere.submit(os.getpid).result() != os.getpid()
        assert elsewhere.submit(eval, "'tabnanny' in __import__('sys').modules").result()
    assert "tabnanny" not in sys.modules


@pytest.mark.parametrize(("wanted", "cores"), [(False, 2), (True, 1), (True, None)])
def test_there_is_none_where_it_is_not_wanted_or_there_is_no_core_for_it(
    *, wanted: bool, cores: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    with second_process("tabnanny", wanted=wanted) as elsewhere:
        assert elsewhere is None


def test_a_module_that_cannot_be_loaded_is_told_when_work_is_asked_for() -> None:
    with second_process("rollout.no_such_module") as elsewhere:
        assert elsewhere is not None
        with pytest.raises(BrokenProcessPool):
            elsewhere.submit(os.getpid).result()
