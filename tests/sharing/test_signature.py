"""Signatures against other implementations of minisign, both ways, and against every change of a byte."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollout.errors import OutputError
from rollout.sharing.keys import (
    find_keys,
    is_protected,
    make_keys,
    open_key,
    read_secret_key,
    secret_key_text,
)
from rollout.sharing.refusal import KeyFileError, PasswordError, SignatureError
from rollout.sharing.signature import generate, public_key_text, read_public_key, sign, verify
from tests.foreign_minisign import Minisign, MinisignTool
from tests.small_package import KEY, OTHER_KEY, PUBLIC

CONTENT = b"Inhalt\n" * 100
COMMENT = "rollout package audience=evl stand=2022-03-28"
SIGNED = sign(CONTENT, KEY, COMMENT)


def test_other_implementations_verify_what_is_signed_here(minisigns: list[Minisign]) -> None:
    assert [other.comment(CONTENT, SIGNED, PUBLIC) for other in minisigns] == [COMMENT] * len(minisigns)


def test_other_implementations_refuse_another_content_and_another_key(minisigns: list[Minisign]) -> None:
    other_key = public_key_text(OTHER_KEY.public)
    for other in minisigns:
        assert other.comment(CONTENT + b"!", SIGNED, PUBLIC) is None
        assert other.comment(CONTENT, SIGNED, other_key) is None
        assert other.comment(CONTENT, SIGNED.replace("audience=evl", "audience=all"), PUBLIC) is None


@pytest.mark.parametrize("password", [None, "drei lange Wörter"])
def test_other_implementations_sign_with_our_key_file(minisigns: list[Minisign], password: str | None) -> None:
    text = secret_key_text(KEY, password)
    for other in minisigns:
        assert verify(CONTENT, other.signed(CONTENT, text, password), PUBLIC) == "von anderen"


def test_a_key_that_minisign_makes_signs_here(minisigns: list[Minisign]) -> None:
    for tool in minisigns:
        if isinstance(tool, MinisignTool):
            secret, public = tool.keys()
            assert not is_protected(secret)
            assert tool.comment(CONTENT, sign(CONTENT, read_secret_key(secret), COMMENT), public) == COMMENT


MADE_BY_MINISIGN = """untrusted comment: minisign encrypted secret key
RWRTY0IylHWHEp1DdcXBRbv9/0k4IkhiI8vknlVB5fFJi2gLk7EAAAACAAAAAAAAAEAAAAAAqgeplX1vjDOWe4zf/aH3PoPTuvKHYqB81FcAOW9XVXCcWqG8xCPuYTwCXdnuirC3v1U8rUHj887Otvy/I8Xu0AooikBd/nVIzWQ8w85vH8f8KTJbtT6Rhqj2WxXcCxZ1ApI+kJtz6t0=
"""
ITS_PUBLIC_KEY = "RWSkq2DfRlFc+CEcQOGoDrwLGpArtp8J4htWsODtEidloVoMXLo/UBn0"


def test_a_key_that_minisign_made_with_a_password_signs_here(minisigns: list[Minisign]) -> None:
    key = read_secret_key(MADE_BY_MINISIGN, "geheim")
    assert is_protected(MADE_BY_MINISIGN)
    assert key.public.code == ITS_PUBLIC_KEY
    for other in minisigns:
        assert other.comment(CONTENT, sign(CONTENT, key, COMMENT), public_key_text(key.public)) == COMMENT


def test_the_same_content_key_and_comment_give_the_same_signature() -> None:
    assert sign(CONTENT, KEY, COMMENT) == SIGNED
    assert verify(CONTENT, SIGNED, PUBLIC) == COMMENT


def test_two_new_keys_are_unlike_and_do_not_show_their_secret() -> None:
    one, other = generate(), generate()
    assert one != other
    assert repr(one.seed) not in repr(one)
    assert one.seed.hex() not in repr(one)


@settings(max_examples=300)
@given(place=st.integers(0, len(SIGNED) - 1), letter=st.characters(min_codepoint=9, max_codepoint=126))
def test_a_signature_in_which_anything_but_its_first_line_was_changed_is_refused(place: int, letter: str) -> None:
    changed = SIGNED[:place] + letter + SIGNED[place + 1 :]
    if changed == SIGNED or place < SIGNED.index("\n"):
        return
    with pytest.raises(SignatureError):
        verify(CONTENT, changed, PUBLIC)


@given(place=st.integers(0, len(CONTENT) - 1), bit=st.integers(0, 7))
def test_content_in_which_one_bit_was_changed_is_refused(place: int, bit: int) -> None:
    changed = bytearray(CONTENT)
    changed[place] ^= 1 << bit
    with pytest.raises(SignatureError, match="nicht der unterschriebene"):
        verify(bytes(changed), SIGNED, PUBLIC)


@given(text=st.text(max_size=300))
def test_no_text_is_anything_but_a_signature_or_refused(text: str) -> None:
    with pytest.raises(SignatureError):
        verify(CONTENT, text, PUBLIC)
    with pytest.raises(KeyFileError):
        read_public_key(text)
    with pytest.raises(KeyFileError):
        read_secret_key(text)


def test_the_signature_of_another_key_names_both() -> None:
    with pytest.raises(SignatureError, match=f"{KEY.public.name}.*{OTHER_KEY.public.name}"):
        verify(CONTENT, SIGNED, public_key_text(OTHER_KEY.public))


def test_a_key_that_borrows_the_number_of_another_is_refused() -> None:
    borrowed = type(KEY)(KEY.number, OTHER_KEY.seed)
    with pytest.raises(SignatureError, match="nicht der unterschriebene"):
        verify(CONTENT, sign(CONTENT, borrowed, COMMENT), PUBLIC)


def test_the_old_form_of_minisign_is_refused() -> None:
    old = SIGNED.replace("\nRU", "\nRW", 1)
    with pytest.raises(SignatureError, match="alte Form"):
        verify(CONTENT, old, PUBLIC)


def test_a_comment_of_two_lines_is_not_signed() -> None:
    with pytest.raises(ValueError, match="one printable line"):
        sign(CONTENT, KEY, "eins\nzwei")


def test_a_public_key_is_read_as_file_and_as_word_and_has_a_fingerprint_for_the_telephone() -> None:
    key = read_public_key(PUBLIC)
    assert key == read_public_key(key.code) == read_public_key(PUBLIC.replace("\n", "\r\n")) == KEY.public
    groups = key.fingerprint.split(" ")
    assert [len(group) for group in groups] == [5] * 8
    assert "".join(groups).isdigit()
    assert key.fingerprint != OTHER_KEY.public.fingerprint


@pytest.mark.parametrize("password", [None, "ein langes Passwort"])
def test_a_key_pair_is_made_found_and_opened(tmp_path: Path, password: str | None) -> None:
    made = make_keys(tmp_path / "keys", password)
    assert find_keys(tmp_path / "keys") == made
    assert open_key(tmp_path / "keys", password).public == made.public
    assert made.is_protected == (password is not None)
    assert (tmp_path / "keys" / ".gitignore").read_text() == "*.key\n"


def test_only_its_owner_may_read_a_secret_key(tmp_path: Path) -> None:
    make_keys(tmp_path, None)
    secret = tmp_path / "rollout.key"
    if os.name == "nt":
        return  # Windows has other rights; a profile's folder is its owner's
    assert secret.stat().st_mode & 0o777 == 0o600
    secret.chmod(0o644)
    with pytest.raises(KeyFileError, match="auch andere lesen") as refused:
        open_key(tmp_path)
    assert "chmod 600" in refused.value.hint


def test_a_key_is_never_replaced_and_an_own_gitignore_stays(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    made = make_keys(tmp_path, None)
    with pytest.raises(OutputError, match=r"liegt schon rollout\.key und rollout\.pub"):
        make_keys(tmp_path, None)
    (tmp_path / "rollout.key").rename(tmp_path / "anderswo")
    with pytest.raises(OutputError, match=r"liegt schon rollout\.pub"):
        make_keys(tmp_path, None)
    assert read_public_key((tmp_path / "rollout.pub").read_text()) == made.public
    assert (tmp_path / ".gitignore").read_text() == "mine\n"


def test_a_short_password_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="5 Zeichen, nötig sind 12"):
        make_keys(tmp_path / "keys", "kurz!")
    assert not (tmp_path / "keys").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="file"):
        make_keys(tmp_path / "file" / "keys", None)


def test_a_missing_or_wrong_password_is_said(tmp_path: Path) -> None:
    make_keys(tmp_path, "ein langes Passwort")
    with pytest.raises(PasswordError, match="geschützt"):
        open_key(tmp_path)
    with pytest.raises(PasswordError, match="falsch"):
        open_key(tmp_path, "ein anderes Passwort")


def test_keys_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    make_keys(tmp_path, None)
    (tmp_path / "rollout.pub").write_text(PUBLIC)
    with pytest.raises(KeyFileError, match="gehören nicht zusammen"):
        open_key(tmp_path)


def test_a_folder_without_keys_is_named_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match=r"rollout\.key") as refused:
        find_keys(tmp_path)
    assert "rollout keys" in refused.value.hint
    (tmp_path / "rollout.key").write_bytes(b"\xff\xfe")
    with pytest.raises(KeyFileError, match="kein Text"):
        find_keys(tmp_path)


def _with_costs(operations: int, memory: int) -> str:
    import base64  # noqa: PLC0415 - for this alone

    comment, code = secret_key_text(KEY, "ein langes Passwort").splitlines()
    content = bytearray(base64.b64decode(code))
    content[38:54] = operations.to_bytes(8, "little") + memory.to_bytes(8, "little")
    return f"{comment}\n{base64.b64encode(content).decode()}\n"


@pytest.mark.parametrize(("operations", "memory"), [(2**63, 2**27), (2**22, 2**40)])
def test_a_key_file_that_would_take_all_memory_or_time_is_refused(operations: int, memory: int) -> None:
    with pytest.raises(KeyFileError, match="mehr Rechenzeit oder Speicher"):
        read_secret_key(_with_costs(operations, memory), "ein langes Passwort")


def test_a_damaged_secret_key_is_refused() -> None:
    comment, code = secret_key_text(KEY, None).splitlines()
    damaged = code[:100] + ("A" if code[100] != "A" else "B") + code[101:]
    with pytest.raises(KeyFileError, match="beschädigt"):
        read_secret_key(f"{comment}\n{damaged}\n")
    with pytest.raises(KeyFileError, match="Verfahren seines Passworts"):
        read_secret_key(f"{comment}\n{code.replace('RWQAA', 'RWRXX', 1)}\n")
