"""Passwords: from the environment or a prompt, never from the arguments, which the shell writes down."""

from __future__ import annotations

import os
import sys

from rollout.errors import InputError


def asked(question: str, variable: str, *, twice: bool = False, instead: str = "") -> str:
    """
    Get a password.

    Parameters
    ----------
    question
        What to ask, in German.
    variable
        Where it is looked for first: a variable of the environment.
    twice
        True for a new one: a slip of the finger would lock its owner out.
    instead
        What else one can do where there is nobody to ask.

    Returns
    -------
    password
        Not empty. It is not shown, and not written anywhere.

    Raises
    ------
    InputError
        If there is none and nobody to ask, or it was typed in two ways.
    """
    given = os.environ.get(variable)
    if given:
        return given
    if not sys.stdin.isatty():
        msg = "es ist ein Passwort nötig, und niemand da, der danach gefragt werden kann"
        ways = (f"Legen Sie es in die Umgebungsvariable {variable}", "starten Sie in einem Fenster", instead)
        raise InputError(msg, f"{', oder '.join(filter(None, ways))}.")
    return _typed(question, twice=twice)


def _typed(question: str, *, twice: bool) -> str:
    from getpass import getpass

    password = getpass(f"{question}: ", stream=sys.stderr)
    if not password:
        msg = "es wurde kein Passwort eingegeben"
        raise InputError(msg, "Versuchen Sie es noch einmal.")
    if twice and getpass(f"{question}, noch einmal: ", stream=sys.stderr) != password:
        msg = "die beiden Eingaben sind verschieden"
        raise InputError(msg, "Versuchen Sie es noch einmal.")
    return password
