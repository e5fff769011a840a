"""
Makes one script of the page's modules and one style sheet of its files; no bundler is needed.

Only what our own modules use is understood: named imports from a module beside it, and exported
declarations. Anything else is refused, so that a module never means something else in the page than in its tests.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import rcssmin
import rjsmin

from rollout.errors import OutputError

_HERE = Path(__file__).parent
PAGE = _HERE / "page"
LEAFLET = _HERE / "vendor" / "leaflet"
QR = _HERE / "vendor" / "lean-qr"
UNSEAL_STYLE = "unseal.css"
OPTIONAL_STYLES = frozenset({"atlas.css", "code.css", "mark.css", "timeline.css", UNSEAL_STYLE})
"""Sheets that only some pages have."""

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([a-z_]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function\b|class\b|const\b)", re.MULTILINE)
_DECLARED = re.compile(r"^(?:export )?(?:async )?(?:function\*?|class|const|let|var) (\w+)", re.MULTILINE)
_EXPORTED = re.compile(r"^export (?:async )?(?:function\*?|class|const) (\w+)", re.MULTILINE)
_LEFT_OVER = re.compile(r"^[ \t]*(?:import|export)\b", re.MULTILINE)
_DYNAMIC_IMPORT = re.compile(r"import\s*\(")
_DESTRUCTURED = re.compile(r"^(?:const|let|var) [\[{]", re.MULTILINE)
_BODILESS = re.compile(r"(?:for|while) \((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\);")
_TOO_DENSE = re.compile(r";\}|\)=>|;const ")
"""No code of ours is written so; in a text or pattern it would be taken for code and changed."""
# What must stand before is asked behind the first letters: a pattern that begins with them is found ten times as fast.
_CONSTANTS = re.compile(r"const (?<=[;{}]const )(?:[^;{}\"'`/]*;const )+")
"""Declared one after the other; one with a block, text or pattern in it ends where only a parser knows."""
_ONE_PARAMETER = re.compile(r"\((?<![\w$]\()(\w+)\)=>")
_NESTED_TEMPLATE = re.compile(r"`[^`\n]*\$\{[^}`\n]*`[^`\n]*`")
_COMMENT = re.compile(r"/\*\*.*?\*/", re.DOTALL)
_LOCAL_IMAGE = re.compile(r"url\(images/([\w-]+\.png)\)")
_RULE = re.compile(r"([^{}@]+)\{([^{}]*)\}")
_OF_OLD_BROWSERS = re.compile(r"-moz-|-ms-|-webkit-(?:transition|transform|grab)")
_OF_ELEMENTS = re.compile(
    r"popup|tooltip|marker|shadow|icon|control-layers|attribution|image-layer|overlay|svg|vml|oldie|safari|scale-line:not"
)
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*\n?", re.MULTILINE)


def link(folder: Path, *entries: str) -> str:
    """
    Join modules and all they import into one script.

    Parameters
    ----------
    folder
        Where the modules stand.
    *entries
        Names of the modules to begin with.

    Returns
    -------
    script
        One strict function that is called at once; every module stands behind those it imports.

    Raises
    ------
    OutputError
        If a module is missing, imports in a circle, shares a name with another, imports what is not
        exported, or uses module syntax that is not understood.
    """
    modules: dict[str, _Module] = {}
    for entry in entries:
        _collect(folder, entry, modules, ())
    _refuse_clashes(modules)
    _refuse_unknown_imports(modules)
    return '(() => {\n"use strict";\n' + "\n".join(module.body for module in modules.values()) + "})();\n"


@dataclass(frozen=True, slots=True)
class _Module:
    """What a module takes from others, what it names and gives, and what is left of it in a page."""

    imports: tuple[tuple[frozenset[str], str], ...]
    declared: tuple[str, ...]
    exported: frozenset[str]
    body: str


def _collect(folder: Path, name: str, modules: dict[str, _Module], above: tuple[str, ...]) -> None:
    if name in above:
        raise _broken(name, "imports itself in a circle: " + " → ".join([*above, name]))
    if name in modules:
        return
    path = folder / name
    if not path.is_file():
        raise _broken(name, "is missing")
    module = _understood(name, path.read_text(encoding="utf-8"))
    for _, imported in module.imports:
        _collect(folder, imported, modules, (*above, name))
    modules[name] = module


def _refuse_clashes(modules: dict[str, _Module]) -> None:
    owners: dict[str, str] = {}
    for name, module in modules.items():
        for declared in module.declared:
            if declared in owners:
                raise _broken(name, f"declares '{declared}', as does '{owners[declared]}'")
            owners[declared] = name


def _refuse_unknown_imports(modules: dict[str, _Module]) -> None:
    for name, module in modules.items():
        for wanted, imported in module.imports:
            unknown = wanted - modules[imported].exported
            if unknown:
                raise _broken(name, f"imports {', '.join(sorted(unknown))}, which '{imported}' does not export")


@cache
def _understood(name: str, source: str) -> _Module:
    """Read a module; scripts of several kinds of pages share most of theirs."""
    imports = tuple(
        (frozenset(one.strip() for one in names.split(",") if one.strip()), imported)
        for names, imported in _IMPORT.findall(source)
    )
    declared = tuple(_DECLARED.findall(source))
    return _Module(imports, declared, frozenset(_EXPORTED.findall(source)), _body(name, source))


def _body(module: str, source: str) -> str:
    body = _COMMENT.sub("", _EXPORT.sub("", _IMPORT.sub("", source)))
    for pattern in (_LEFT_OVER, _DYNAMIC_IMPORT, _DESTRUCTURED, _BODILESS, _TOO_DENSE):
        strange = pattern.search(body)
        if strange:
            line = body[: strange.end()].splitlines()[-1] + body[strange.end() :].split("\n", 1)[0]
            raise _broken(module, f"uses '{line.strip()}', which the linker does not understand")
    nested = _NESTED_TEMPLATE.search(body)
    if nested:
        raise _broken(module, f"has a template literal inside another, '{nested.group()}', whose spaces would be lost")
    if any(line.count("`") % 2 for line in body.splitlines()):
        raise _broken(module, "has a template literal of several lines, whose indentation would be lost")
    return _lean(body) + "\n"


def _lean(source: str) -> str:
    """Leave out comments, spaces and what says a thing twice, which are for readers; every name stays."""
    packed = _ONE_PARAMETER.sub(r"\1=>", str(rjsmin.jsmin(source)))
    packed = _CONSTANTS.sub(lambda found: found.group().replace(";const ", ","), packed)
    return packed.replace(";}", "}").replace("}\n", "}")


def _broken(module: str, fault: str) -> OutputError:
    return OutputError(f"module '{module}' {fault}", "Mend the module; the linker reads rollout/cartography/page/.")


@cache
def shell() -> str:
    """
    Return the markup that every page begins with.

    Returns
    -------
    markup
        HTML, constant text.
    """
    return (PAGE / "shell.html").read_text(encoding="utf-8")


@cache
def page_script(*optional: str) -> str:
    """
    Return our script.

    Parameters
    ----------
    *optional
        Modules that only some pages have; they stand behind the others.

    Returns
    -------
    script
        All modules of the page as one script.
    """
    return link(PAGE, "main.js", *optional)


@cache
def code_script() -> str:
    """
    Return what makes QR codes, for pages with a published address.

    Returns
    -------
    script
        lean-qr 2.7.4 (nano) as a global `leanQr`, in place of a module.
    """
    source = (QR / "nano.mjs").read_text(encoding="utf-8")
    body, exported = source.rstrip().removesuffix("};").rsplit("export{", 1)
    names = (name.split(" as ") for name in exported.split(","))
    given = ",".join(f"{public}:{local}" for local, public in names)
    return f"/* lean-qr 2.7.4, (c) David Evans, MIT licence */\nvar leanQr=(()=>{{{body}return{{{given}}}}})();\n"


@cache
def folium_script() -> str:
    """
    Return what elements of Folium need besides Leaflet: its marker images, and the little of jQuery their popups use.

    Returns
    -------
    script
        Only for pages with elements of the user's own.
    """
    script = (PAGE / "folium_elements.js").read_text(encoding="utf-8")
    for name in ("marker-icon.png", "marker-icon-2x.png", "marker-shadow.png"):
        script = script.replace(f'"images/{name}"', f'"{_data_uri(name)}"')
    return script


@cache
def unseal_script() -> str:
    """
    Return what a sealed page needs besides: the question for the password, and what opens the data.

    Returns
    -------
    script
        Defines `unseal(start)`.
    """
    return link(PAGE, "unseal.js")


@cache
def page_style(*optional: str) -> str:
    """
    Return our style sheets.

    Parameters
    ----------
    *optional
        Modules that only some pages have, each with a sheet of its own name.

    Returns
    -------
    style
        All style sheets of the page in the order of their names.
    """
    unasked = OPTIONAL_STYLES - {name.removesuffix(".js") + ".css" for name in optional}
    sheets = sorted(path for path in PAGE.glob("*.css") if path.name not in unasked)
    return "\n".join(_lean_style(path.read_text(encoding="utf-8")) for path in sheets)


@cache
def unseal_style() -> str:
    """
    Return the style sheet of the question for the password, which hides all else until the data is open.

    Returns
    -------
    style
        For sealed pages only.
    """
    return _lean_style((PAGE / UNSEAL_STYLE).read_text(encoding="utf-8"))


def _lean_style(source: str) -> str:
    return str(rcssmin.cssmin(source))


@cache
def leaflet_script(*, whole: bool) -> str:
    """
    Return Leaflet, without the line that asks for a map of its sources.

    Parameters
    ----------
    whole
        As published; otherwise the part our pages use, which is three fifths of it. Elements of the user's
        own may need any of it.

    Returns
    -------
    script
        Leaflet 1.9.4.
    """
    name = "leaflet.js" if whole else "leaflet-core.js"
    return _SOURCE_MAP.sub("", (LEAFLET / name).read_text(encoding="utf-8"))


@cache
def leaflet_style(*, whole: bool) -> str:
    """
    Return Leaflet's style sheet.

    Parameters
    ----------
    whole
        With the rules for markers, popups and the like, and every `url(images/…)` as a data URI; without
        them it is less than half as long. Only elements of the user's own need them.

    Returns
    -------
    style
        Asks for no file.
    """
    source = _lean_style((LEAFLET / "leaflet.css").read_text(encoding="utf-8"))
    if whole:
        return _LOCAL_IMAGE.sub(lambda image: f"url({_data_uri(image.group(1))})", source)
    return _RULE.sub(_of_ours, source)


def _of_ours(rule: re.Match[str]) -> str:
    """Leave of a rule what a page without added elements needs in a browser of today."""
    selectors = [selector for selector in rule.group(1).split(",") if not _OF_ELEMENTS.search(selector)]
    said = [line for line in rule.group(2).split(";") if not _OF_OLD_BROWSERS.search(line)]
    return f"{','.join(selectors)}{{{';'.join(said)}}}" if selectors and said else ""


def _data_uri(image: str) -> str:
    data = base64.b64encode((LEAFLET / "images" / image).read_bytes()).decode("ascii")
    return f"data:image/png;base64,{data}"
