"""The browser that is installed anyway, driven by its own command line: Chromium, Chrome or Edge."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rollout.errors import OutputError

NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge"),
)
"""What the programs are called where they are on the search path."""

_APPLICATIONS = ("Google Chrome", "Chromium", "Microsoft Edge")
_PROGRAMS = (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")
_PROGRAM_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")

_WAY_OUT = (
    "Installieren Sie Chromium, Google Chrome oder Microsoft Edge, oder nennen Sie das Programm: --browser PFAD. "
    "Ohne das geht es in jedem Browser von Hand: Karte öffnen, „Drucken“."
)

_FLAGS = (
    *("--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--no-default-browser-check"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions"),
    "--host-resolver-rules=MAP * ~NOTFOUND",  # no name resolves, so neither page nor browser reaches anyone
    *("--no-pdf-header-footer", "--print-to-pdf-no-header"),  # the newer and the older name
)

PATIENCE_S = 600
"""How long a browser may take. Thirteen sheets take it a few seconds."""


def installed() -> str | None:
    """
    Find a browser that can print.

    Returns
    -------
    path
        The first of Chromium, Chrome and Edge that is there; None where there is none.
    """
    on_path = (shutil.which(name) for name in NAMES)
    return next((found for found in on_path if found), None) or next(
        (str(place) for place in _places() if place.is_file()), None
    )


def _places() -> list[Path]:
    """Where macOS and Windows keep what is not on the search path."""
    roots = [Path("/Applications"), Path.home() / "Applications"]
    places = [root / f"{name}.app/Contents/MacOS/{name}" for root in roots for name in _APPLICATIONS]
    folders = [Path(os.environ[name]) for name in _PROGRAM_FOLDERS if os.environ.get(name)]
    return places + [folder / program for folder in folders for program in _PROGRAMS]


def chosen(named: str | None) -> str:
    """
    Return the browser to print with.

    Parameters
    ----------
    named
        Its path or name, where the user gave one; None to look for one.

    Returns
    -------
    path
        A program that is there.

    Raises
    ------
    OutputError
        If what was named is not there, or nothing is found.
    """
    found = installed() if named is None else shutil.which(named)
    if found is None:
        msg = "kein Browser zum Drucken gefunden" if named is None else f"den Browser '{named}' gibt es nicht"
        raise OutputError(msg, _WAY_OUT)
    return found


def printed(page: str, browser: str, folder: Path) -> bytes:
    """
    Print a page as it prints itself.

    Parameters
    ----------
    page
        HTML that needs nothing but itself.
    browser
        The program.
    folder
        Where the page stands meanwhile, with a profile of its own, which may be a place that confined browsers
        read; nothing of it stays.

    Returns
    -------
    pdf
        What the browser wrote.

    Raises
    ------
    OutputError
        If it cannot be started, takes too long, or writes nothing.
    """
    try:
        with TemporaryDirectory(prefix="rollout-druck-", dir=folder, ignore_cleanup_errors=True) as name:
            place = Path(name)
            (place / "seite.html").write_text(page, encoding="utf-8")
            said = _run(_command(browser, place))
            if not (place / "seite.pdf").is_file():
                msg = f"der Browser '{browser}' hat kein PDF geschrieben: {said}"
                raise OutputError(msg, _WAY_OUT)
            return (place / "seite.pdf").read_bytes()
    except OSError as error:
        msg = f"'{error.filename or browser}' lässt sich nicht benutzen: {error.strerror}"
        raise OutputError(
            msg, "Prüfen Sie Schreibrecht und freien Platz, oder nennen Sie einen Browser: --browser PFAD."
        ) from error


def _command(browser: str, place: Path) -> list[str]:
    as_root = (
        ("--no-sandbox",) if sys.platform != "win32" and os.geteuid() == 0 else ()
    )  # it refuses to start otherwise
    files = (f"--user-data-dir={place / 'profil'}", f"--print-to-pdf={place / 'seite.pdf'}")
    return [browser, *_FLAGS, *as_root, *files, (place / "seite.html").as_uri()]


def _run(command: list[str]) -> str:
    """Run to the end and return the last line the program said; end it with all it started if it takes too long."""
    with subprocess.Popen(  # noqa: S603 - the user's own browser
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as running:
        try:
            said = running.communicate(timeout=PATIENCE_S)[1]
        except BaseException as stopped:
            _end(running)
            if isinstance(stopped, subprocess.TimeoutExpired):
                msg = f"der Browser '{command[0]}' war nach {PATIENCE_S} Sekunden nicht fertig"
                raise OutputError(msg, "Drucken Sie weniger Blätter auf einmal: --district STADTTEIL.") from stopped
            raise
    lines = said.decode("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), f"beendet mit {running.returncode}")


def _end(running: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        running.kill()
    else:
        os.killpg(running.pid, signal.SIGKILL)
