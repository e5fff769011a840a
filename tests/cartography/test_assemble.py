"""The linker joins our modules and refuses whatever it would join wrongly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rollout.cartography import assemble
from rollout.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

SHELL_LIMIT = 250_000


def link(folder: Path, **modules: str) -> str:
    for name, source in modules.items():
        (folder / f"{name}.js").write_text(source, encoding="utf-8")
    return assemble.link(folder, "main.js")


def test_a_module_stands_behind_those_it_imports(tmp_path: Path) -> None:
    script = link(
        tmp_path,
        main='import { b } from "./beta.js";\nimport { a } from "./alpha.js";\na(b);\n',
        alpha="export function a(value) {\n  return value;\n}\n",
        beta='import { a } from "./alpha.js";\nexport const b = a(1);\n',
    )
    assert script.index("function a(") < script.index("const b=") < script.index("a(b);")
    assert script.count("function a(") == 1
    assert "import" not in script
    assert "export" not in script


def test_comments_and_spaces_stay_with_the_modules_and_names_do_not(tmp_path: Path) -> None:
    script = link(tmp_path, main="/** Says\n * nothing. */\nfunction a() {\n    return 1;\n}\n// calls\na();\n")
    assert script == '(() => {\n"use strict";\nfunction a(){return 1}a();\n})();\n'


def test_one_parameter_needs_no_brackets_and_several_do(tmp_path: Path) -> None:
    source = "let a = (b) => b;\nlet c = async (b) => (b, (d) => d);\nlet e = (b, d) => b;\nlet g = () => 1;\n"
    script = link(tmp_path, main=source)
    for kept in ("let a=b=>b;", "let c=async(b)=>(b,d=>d);", "let e=(b,d)=>b;", "let g=()=>1;"):
        assert kept in script


def test_constants_one_after_the_other_are_declared_together_and_others_are_not(tmp_path: Path) -> None:
    source = "a();\nconst b = c(1);\nconst d = 2;\nconst e = () => {\n  const f = 1;\n  return f;\n};\nconst g = 3;\n"
    script = link(tmp_path, main=source)
    assert "a();const b=c(1),d=2,e=()=>{const f=1;return f};const g=3;" in script


def test_what_is_text_or_pattern_loses_no_space(tmp_path: Path) -> None:
    source = "const a = `x  ${1 +  1}  // y`;\nconst b = /[/ ]  +\"/.test(a);\nconst c = ' /*  */ ';\n"
    script = link(tmp_path, main=source)
    for kept in ("`x  ${1 +  1}  // y`", '/[/ ]  +"/', "' /*  */ '"):
        assert kept in script


@pytest.mark.parametrize(
    ("modules", "fault"),
    [
        ({"main": 'import { a } from "./alpha.js";\n'}, "is missing"),
        ({"main": 'import { a } from "./main.js";\n'}, "circle"),
        ({"main": 'import { a } from "./alpha.js";\n', "alpha": "const a = 1;\n"}, "does not export"),
        ({"main": 'import { a } from "./alpha.js";\nconst a = 2;\n', "alpha": "export const a = 1;\n"}, "as does"),
        ({"main": 'import * as all from "./alpha.js";\n'}, "does not understand"),
        ({"main": 'import { a as b } from "./alpha.js";\n', "alpha": "export const a = 1;\n"}, "does not export"),
        ({"main": "export default 1;\n"}, "does not understand"),
        ({"main": "function a(b) {\n  for (let i = 0; i < b(c(i)); i += 1);\n}\n"}, "does not understand"),
        ({"main": 'const a = "{b;}";\n'}, "does not understand"),
        ({"main": 'const a = "(b)=>c";\n'}, "does not understand"),
        ({"main": 'const a = "1;const b";\n'}, "does not understand"),
        ({"main": 'const a = await import("./alpha.js");\n'}, "does not understand"),
        ({"main": "const { a } = { a: 1 };\n"}, "does not understand"),
        ({"main": "const a = `one\ntwo`;\n"}, "template literal"),
        ({"main": "const a = `one ${b && `, two`}`;\n"}, "inside another"),
    ],
)
def test_what_would_be_joined_wrongly_is_refused(tmp_path: Path, modules: dict[str, str], fault: str) -> None:
    with pytest.raises(OutputError, match=fault):
        link(tmp_path, **modules)


def test_the_shell_is_small() -> None:
    style = assemble.leaflet_style(whole=False)
    shell = (assemble.PAGE / "shell.html").read_text(encoding="utf-8")
    script = assemble.leaflet_script(whole=False)
    parts = (script, style, assemble.page_script("timeline.js"), assemble.page_style("timeline.js"), shell)
    assert sum(len(part.encode()) for part in parts) <= SHELL_LIMIT


def test_the_encoder_of_qr_codes_is_small_and_in_no_page_without_an_address() -> None:
    script = assemble.code_script()
    assert script.startswith("/* lean-qr 2.7.4, (c) David Evans, MIT licence */\nvar leanQr=(()=>{")
    assert script.endswith("return{correction:r,generate:m}})();\n")
    assert len(script) < 4_000
    assert (assemble.QR / "LICENSE").is_file()
    plain, coded = assemble.page_script(), assemble.page_script("code.js")
    assert "leanQr" not in plain
    assert "leanQr" in coded
    assert len(coded) - len(plain) < 1_500


def test_leaflet_is_vendored_as_published_and_asks_for_nothing() -> None:
    vendored = (assemble.LEAFLET / "leaflet.js").read_text(encoding="utf-8")
    assert vendored.startswith("/* @preserve\n * Leaflet 1.9.4")
    assert "sourceMappingURL" in vendored
    assert "sourceMappingURL" not in assemble.leaflet_script(whole=True)
    assert assemble.leaflet_script(whole=False).startswith("/* Leaflet 1.9.4 in part")
    assert "url(images" not in assemble.leaflet_style(whole=True)
    assert "url(" not in assemble.leaflet_style(whole=False).replace("url(#default#VML)", "")
    assert (assemble.LEAFLET / "LICENSE").is_file()


def test_rules_for_markers_and_popups_come_only_with_such_elements() -> None:
    whole, plain = assemble.leaflet_style(whole=True), assemble.leaflet_style(whole=False)
    assert ".leaflet-popup-content" in whole
    assert ".leaflet-popup-content{" not in plain
    for needed in (
        ".leaflet-grab",
        ".leaflet-bar a",
        ".leaflet-control-scale-line",
        ".leaflet-tile",
        ".leaflet-zoom-box",
    ):
        assert needed in plain
    assert plain.count("{") == plain.count("}")


def test_marker_images_are_in_the_script() -> None:
    script = assemble.folium_script()
    assert "images/" not in script
    assert script.count("data:image/png;base64,") == 3


def test_our_modules_write_no_markup_and_no_local_numbers() -> None:
    for path in assemble.PAGE.glob("*.js"):
        source = path.read_text(encoding="utf-8")
        allowed = path.name == "folium_elements.js"
        assert allowed or "innerHTML" not in source, path.name
        for banned in ("toLocale", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
            assert banned not in source, path.name
