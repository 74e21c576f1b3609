"""Draws the pictures of the demo, which stand beside it as `pictures/*.webp`: run by hand, after a change of a drawing.

    python -m infra.local.demo.draw

Each is an SVG on a square of 240, made a picture by Chromium: the shop takes no SVG from anybody.
"""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from math import cos, radians, sin

from infra.local.demo.data import HERE

PICTURES = HERE / "pictures"
SIDE = 480
_LEAF, _DARK_LEAF, _STEM = "#5fa04e", "#3f7d3a", "#7a5a36"


def circle(x: float, y: float, r: float, fill: str, more: str = "") -> str:
    """A disc."""
    return f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}" fill="{fill}" {more}/>'


def oval(x: float, y: float, rx: float, ry: float, fill: str, turned: float = 0) -> str:
    """An ellipse, turned about its middle by so many degrees."""
    turn = f' transform="rotate({turned:g} {x:g} {y:g})"' if turned else ""
    return f'<ellipse cx="{x:g}" cy="{y:g}" rx="{rx:g}" ry="{ry:g}" fill="{fill}"{turn}/>'


def box(x: float, y: float, width: float, height: float, r: float, fill: str, more: str = "") -> str:
    """A rectangle with round corners."""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{r:g}" fill="{fill}" {more}/>'


def shape(path: str, fill: str) -> str:
    """A filled path."""
    return f'<path d="{path}" fill="{fill}"/>'


def line(path: str, colour: str, width: float) -> str:
    """A drawn path with round ends."""
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linecap="round"/>'


def moved(x: float, y: float, drawn: str, turned: float = 0, scale: float = 1) -> str:
    """A drawing elsewhere."""
    return f'<g transform="translate({x:g} {y:g}) rotate({turned:g}) scale({scale:g})">{drawn}</g>'


def leaf(x: float, y: float, turned: float, size: float = 1, fill: str = _LEAF) -> str:
    """A leaf whose stalk is at the point."""
    blade = shape("M0 0C8-18 30-24 44-12C36 6 16 12 0 0Z", fill) + line("M4-1Q20-8 38-11", "#ffffff66", 2)
    return moved(x, y, blade, turned, size)


def _bananas() -> str:
    one = shape("M0 0C-6 60 26 108 92 116C100 117 102 108 95 105C52 92 26 50 22-2Z", "#f6c945") + shape(
        "M10 2C8 56 36 98 94 111C97 108 96 106 95 105C52 92 26 50 22-2Z", "#e3ab2c"
    )
    tips = shape("M-2 2L4-16L18-18L24 0Z", _STEM) + circle(95, 111, 6, "#5d4529")
    return moved(84, 66, one + tips, 26) + moved(92, 62, one + tips, 4) + moved(100, 60, one + tips, -18)


def _strawberries() -> str:
    seeds = "".join(
        oval(x, y, 2.2, 3.4, "#ffd98a") for x, y in ((-22, -8), (0, -12), (22, -8), (-14, 12), (10, 10), (0, 32))
    )
    crown = "".join(moved(0, -34, leaf(0, 0, 0, 0.75, _DARK_LEAF), turned) for turned in (-150, -100, -50, 0, 30))
    berry = shape("M0 62C-30 50-50 4-40-20C-30-40 30-40 40-20C50 4 30 50 0 62Z", "#d9363e")
    shine = oval(-22, -14, 7, 13, "#f0767a", 25)
    one = berry + shine + seeds + crown + line("M0-36Q4-50 12-56", _DARK_LEAF, 5)
    return moved(84, 112, one, -12) + moved(156, 112, one, 14) + moved(120, 154, one, 2)


def _cucumbers() -> str:
    body = box(-86, -22, 172, 44, 22, "#4c8a3f") + box(-76, -14, 150, 10, 5, "#6fae5b")
    dots = "".join(circle(x, 8, 2.4, "#39702f") for x in range(-64, 70, 16))
    ring = circle(0, 0, 30, "#4c8a3f") + circle(0, 0, 25, "#dff0c2") + circle(0, 0, 14, "#c6e2a0")
    pips = "".join(
        oval(10 * cos(radians(a)), 10 * sin(radians(a)), 2, 4.5, "#f7fbe9", a + 90) for a in range(0, 360, 60)
    )
    one = body + dots
    return (
        moved(120, 86, one, -16)
        + moved(120, 128, one, -10)
        + moved(92, 176, ring + pips)
        + moved(152, 178, ring + pips, 20)
    )


def _carrots() -> str:
    body = shape("M-20-54C-24-66 24-66 20-54C18 0 8 54 0 70C-8 54-18 0-20-54Z", "#ef8531")
    marks = line("M-16-30H-4M16-12H6M-11 8H-2M10 26H3", "#cf6a1c", 3)
    tops = "".join(moved(0, -58, leaf(0, 0, -90, 0.9, fill), turned) for turned, fill in
                   ((-28, _DARK_LEAF), (26, _DARK_LEAF), (0, _LEAF)))  # fmt: skip
    one = tops + body + marks
    return moved(84, 134, one, 18) + moved(158, 134, one, -18) + moved(120, 142, one)


def _pepper() -> str:
    body = shape(
        "M120 84C92 62 48 78 52 124C54 166 80 204 102 198C112 196 128 196 138 198C160 204 186 166 188 124"
        "C192 78 148 62 120 84Z", "#4f9a3c",
    )  # fmt: skip
    folds = line("M102 86C90 120 92 168 104 194M138 86C150 120 148 168 136 194", "#3b7d2d", 4)
    return body + folds + oval(74, 118, 7, 24, "#86c46f", 8) + line("M120 86C118 66 124 52 140 46", _DARK_LEAF, 12)


def _grapes() -> str:
    places = [(x, y) for y, row in zip((96, 122, 148, 174, 198), (5, 4, 3, 2, 1), strict=True)
              for x in [120 + 30 * (n - (row - 1) / 2) for n in range(row)]]  # fmt: skip
    drawn = "".join(circle(x, y, 18, "#8d2f5c") + circle(x - 6, y - 6, 5, "#c0719a") for x, y in places)
    return line("M120 90Q116 62 128 44", _STEM, 7) + leaf(122, 72, -12, 1.4) + leaf(116, 74, 200, 1.2) + drawn


def _broccoli() -> str:
    stalk = shape("M98 206C104 170 96 150 72 128L168 128C144 150 136 170 142 206C130 214 110 214 98 206Z", "#a9cf7c")
    heads = ((76, 112, 32), (164, 112, 32), (98, 82, 34), (144, 82, 34), (120, 110, 36))
    crown = "".join(circle(x, y, r, "#3f8a44") for x, y, r in heads)
    lights = "".join(circle(x - 9, y - 11, r * 0.32, "#68ad5d") for x, y, r in heads)
    return stalk + line("M112 150V196M130 150V196", "#86b35a", 4) + crown + lights


def _celery() -> str:
    stalks = "".join(
        moved(120, 206, shape("M-13 0C-12-60-10-90-11-124H11C10-90 12-60 13 0Z", fill) + line("M-3-8V-110M5-8V-110",
              "#ffffff55", 2.5), turned)
        for turned, fill in ((-20, "#9cc76a"), (20, "#9cc76a"), (-7, "#b2d780"), (8, "#a6cf73"))
    )  # fmt: skip
    tops = "".join(leaf(x, y, turned, 1.1, fill) for x, y, turned, fill in (
        (78, 88, -130, _DARK_LEAF), (82, 84, -70, _LEAF), (108, 80, -120, _LEAF), (112, 78, -60, _DARK_LEAF),
        (132, 80, -110, _DARK_LEAF), (138, 82, -40, _LEAF), (160, 88, -90, _LEAF), (164, 92, -20, _DARK_LEAF),
    ))  # fmt: skip
    return tops + stalks + box(86, 168, 68, 14, 7, "#d9534a")


def _tomatoes() -> str:
    star = "".join(moved(0, -30, shape("M0 0L24-6L26 4Z", _DARK_LEAF), turned) for turned in range(-90, 270, 60))
    one = circle(0, 0, 38, "#dd4133") + oval(-15, -10, 8, 13, "#f28175", 35) + star
    vine = line("M44 92C84 54 156 54 198 86M92 66L86 92M152 66L158 92M120 62V114", _DARK_LEAF, 8)
    return vine + moved(80, 124, one) + moved(160, 124, one) + moved(120, 160, one)


def _lettuce() -> str:
    outer = "".join(moved(120, 136, oval(0, -46, 34, 52, fill), turned) for turned, fill in (
        (-100, "#5fa845"), (100, "#5fa845"), (-60, "#70b753"), (60, "#70b753"), (-25, "#84c665"), (25, "#84c665")
    ))  # fmt: skip
    heart = circle(120, 134, 50, "#a3d97f") + circle(120, 142, 36, "#bfe79c")
    veins = line("M120 184V112M120 158Q104 146 94 128M120 158Q136 146 146 128", "#e6f6d2", 4)
    return outer + heart + veins


def _potatoes() -> str:
    eyes = "".join(oval(x, y, 4, 2.4, "#8a6238", 20) for x, y in ((-24, -8), (6, 10), (26, -12), (-4, -20)))
    outline = "M-54 4C-56-26-26-42 4-38C38-36 60-16 56 10C50 38 16 42-10 38C-34 36-52 28-54 4Z"
    whole = shape(outline, "#c19a5f") + oval(-20, -22, 18, 7, "#d9b880", -18) + eyes
    shade = moved(0, 4, shape(outline, "#a27c45"))
    one = shade + whole
    return moved(84, 100, one, -12) + moved(160, 108, one, 20) + moved(118, 160, one, 4)


def _apple(colour: str, light: str) -> str:
    body = shape("M0-30C-22-50-62-38-58 6C-54 44-26 66-4 56H4C26 66 54 44 58 6C62-38 22-50 0-30Z", colour)
    return body + oval(-34, -4, 8, 20, light, 14) + line("M0-28Q-2-46 8-58", _STEM, 7) + leaf(4, -40, -8)


def _apples() -> str:
    return (
        moved(150, 112, _apple("#e2b33c", "#f4d67c"), 8, 0.9)
        + moved(92, 112, _apple("#c8453a", "#e58a7d"), -8, 0.9)
        + moved(122, 152, _apple("#d4503f", "#ee9a86"), 2, 0.95)
    )


def _lemons() -> str:
    whole = shape("M-66 2C-58-6-54-40 0-40C50-40 56-8 68 2C56 14 48 42 0 42C-54 42-58 12-66 2Z", "#f5d742")
    cut = circle(0, 0, 42, "#f0c92b") + circle(0, 0, 36, "#fff6c9")
    parts = "".join(moved(0, 0, shape("M0-4L-12-28Q0-36 12-28Z", "#f8de54"), turned) for turned in range(0, 360, 45))
    shine = oval(-18, -20, 22, 8, "#faea8e", -18)
    return moved(104, 96, whole + shine, -18) + leaf(148, 66, -30, 1.2) + moved(148, 156, cut + parts)


def _avocado() -> str:
    half = "M0-72C22-72 28-34 42-8C60 28 40 66 0 66C-40 66-60 28-42-8C-28-34-22-72 0-72Z"
    flesh = moved(0, 4, shape(half, "#dbe58d"), 0, 0.86)
    stone = circle(0, 24, 24, "#8a5a33") + circle(-8, 16, 6, "#b5845a")
    back = shape(half, "#40632f") + oval(-16, -6, 8, 24, "#5f8547", 18)
    return moved(164, 122, back, 22, 0.95) + moved(100, 128, shape(half, "#4b7238") + flesh + stone, -10)


def _carton(colour: str, dark: str, mark: str) -> str:
    body = box(76, 92, 88, 120, 6, "#fdfdfb") + shape("M76 100L96 56H144L164 100Z", "#eef1f3")
    top = box(92, 42, 56, 20, 4, colour) + shape("M76 100L96 60L112 100Z", "#dfe4e8")
    return body + top + box(76, 128, 88, 62, 0, colour) + shape("M76 190V176Q98 160 120 176T164 172V190Z", dark) + mark


def _milk() -> str:
    return _carton(
        "#4c8fd0", "#3b78b4", circle(120, 148, 13, "#ffffff") + shape("M108 146L120 126L132 146Z", "#ffffff")
    )


def _chocolate_milk() -> str:
    pieces = box(104, 136, 15, 15, 3, "#f3dcc2") + box(121, 136, 15, 15, 3, "#e4c4a0")
    return _carton(
        "#8a5836", "#6f4428", pieces + box(104, 153, 15, 15, 3, "#e4c4a0") + box(121, 153, 15, 15, 3, "#f3dcc2")
    )


def _eggs() -> str:
    egg = shape("M0-40C22-40 32-6 32 10C32 28 18 40 0 40C-18 40-32 28-32 10C-32-6-22-40 0-40Z", "{}")
    light = oval(-11, -8, 6, 13, "#ffffff88", 18)
    row = "".join(moved(x, y, egg.format(fill) + light) for x, y, fill in (
        (96, 96, "#e9c7a2"), (146, 96, "#f3dcc0"), (70, 126, "#f1d5b4"), (120, 126, "#e4bc92"), (170, 126, "#ecd0ae")
    ))  # fmt: skip
    tray = shape("M28 140Q49 158 70 140Q95 158 120 140Q145 158 170 140Q191 158 212 140L196 198H44Z", "#9aa7ad")
    return row + tray + line("M52 180H188", "#84929a", 5)


def _bread() -> str:
    side = "M60 96C44 66 92 52 120 58C152 50 198 66 182 96L178 186Q178 194 168 194H74Q64 194 64 186Z"
    back = moved(14, -12, shape(side, "#b9793d"))
    front = shape(side, "#d49a58") + moved(13, 15, shape(side, "#fbeccf"), 0, 0.89)
    return (
        back
        + front
        + "".join(oval(x, y, 3.4, 2.4, "#ecd3a6") for x, y in ((98, 110), (140, 128), (112, 156), (150, 168)))
    )


def _buns() -> str:
    top = shape("M-62 4C-62-44-30-58 0-58C30-58 62-44 62 4Q62 12 52 12H-52Q-62 12-62 4Z", "#d99748")
    seeds = "".join(oval(x, y, 3, 5, "#fbe8bd", turned) for x, y, turned in (
        (-34, -22, 40), (-14, -38, 10), (12, -30, -20), (34, -22, -40), (-6, -14, 0), (22, -8, 30)
    ))  # fmt: skip
    one = box(-60, 14, 120, 24, 12, "#c9853a") + box(-58, 6, 116, 14, 7, "#f5dfb3") + top + seeds
    return moved(134, 96, one, 6, 0.86) + moved(104, 158, one, -3, 0.98)


def _shreds() -> Iterator[str]:
    for n in range(26):
        x, y, turned = 66 + n * 37 % 108, 128 + n * 23 % 62, n * 47 % 180
        yield moved(x, y, box(-16, -3.5, 32, 7, 3.5, ("#f6b93b", "#fad072", "#eda52a")[n % 3]), turned)


def _shredded_cheese() -> str:
    bag = box(48, 62, 144, 150, 12, "#e7eef3") + box(48, 52, 144, 22, 6, "#d9534a") + box(48, 78, 144, 8, 0, "#cbd7df")
    wedge = shape("M92 116L136 94L148 116Z", "#f6c04a") + box(92, 112, 56, 10, 2, "#e5a52f")
    return bag + "".join(_shreds()) + box(84, 86, 72, 44, 8, "#ffffff") + wedge


def _cheese_singles() -> str:
    def sheet(turned: float, fill: str) -> str:
        return moved(120, 128, box(-62, -62, 124, 124, 10, fill), turned)

    holes = "".join(
        oval(x, y, r, r * 0.9, "#e9a52b") for x, y, r in ((92, 100, 11), (146, 118, 15), (108, 156, 13), (152, 164, 7))
    )
    fold = shape("M182 66L182 104L144 66Z", "#fbe3a0")
    return sheet(16, "#e9a83a") + sheet(8, "#f1b84a") + sheet(0, "#f8c85a") + holes + fold


def _sugar() -> str:
    bag = shape("M68 72H172L182 204Q182 212 174 212H66Q58 212 58 204Z", "#f7f3ea") + shape(
        "M68 72L76 44H164L172 72Z", "#e4ddcc"
    )
    band = box(62, 112, 116, 56, 4, "#5b86b8")
    window = oval(120, 140, 20, 13, "#ffffff") + "".join(
        box(x, y, 9, 9, 2, "#dbe6f2") for x, y in ((108, 134), (118, 130), (124, 138))
    )
    cubes = (
        box(158, 184, 34, 30, 4, "#ffffff") + box(180, 166, 30, 28, 4, "#f1ece0") + box(184, 192, 34, 24, 4, "#ebe4d4")
    )
    return bag + line("M80 58H160", "#c9c0aa", 4) + band + window + cubes


def _chicken() -> str:
    plate = oval(120, 158, 98, 40, "#e6ebef") + oval(120, 152, 86, 32, "#f7f9fa")
    meat = shape("M-66 6C-66-30-22-44 14-34C52-26 76-8 66 12C56 30 22 22-8 28C-38 34-66 30-66 6Z", "#f2b7a2")
    one = (
        meat
        + line("M-44-4C-22-20 14-18 44-2M-36 12C-16 0 8 2 30 10", "#e49d86", 4)
        + oval(-20, -20, 26, 6, "#f9d4c6", -12)
    )
    return (
        plate + moved(128, 112, one, -8) + moved(110, 146, one, 4) + leaf(176, 150, -20, 1.1) + leaf(178, 154, 30, 0.9)
    )


def _beef() -> str:
    tray = box(34, 76, 172, 118, 14, "#2f3b45") + box(44, 86, 152, 98, 10, "#3c4a56")
    strands = "".join(
        line(
            f"M{60 + n % 5 * 22} {102 + n // 5 * 17}q8-9 16 0t16 0",
            ("#b93f3c", "#cf5a52", "#a83431", "#e28a80")[n % 4],
            12,
        )
        for n in range(25)
    )
    label = box(128, 150, 62, 28, 4, "#ffffff") + line("M138 160H178M138 168H164", "#c9ced3", 4)
    return tray + strands + label


DRAWINGS = {
    "1082185": ("#fff3cf", _bananas), "1127831": ("#fde4e1", _strawberries), "860776": ("#e6f3dd", _cucumbers),
    "961554": ("#fdecd9", _carrots), "995785": ("#e9f4dc", _pepper), "878996": ("#f3e3ee", _grapes),
    "903325": ("#e4f1e3", _broccoli), "962568": ("#eef6dd", _celery), "854852": ("#fde7df", _tomatoes),
    "904360": ("#eaf6df", _lettuce), "1004906": ("#f5ead8", _potatoes), "901062": ("#fbe8dc", _apples),
    "847270": ("#fdf7d3", _lemons), "1028816": ("#edf3da", _avocado), "1029743": ("#dfeefa", _milk),
    "981760": ("#f7efe4", _eggs), "883404": ("#f9eddb", _bread), "826249": ("#fbeed9", _buns),
    "859075": ("#fdf0cf", _shredded_cheese), "1096036": ("#fef3d2", _cheese_singles),
    "908531": ("#f3e6da", _chocolate_milk), "1068719": ("#e6edf5", _sugar), "916122": ("#fae9e2", _chicken),
    "1044078": ("#f8e3df", _beef),
}  # fmt: skip
"""Of each product, by its code: the colour behind it, and what is drawn."""


def _logo() -> str:
    awning = "".join(
        shape(f"M{x} 70H{x + 28}V104A14 14 0 0 1 {x} 104Z", "#ffffff" if n % 2 else "#f2b441")
        for n, x in enumerate(range(50, 190, 28))
    )
    basket = shape("M70 150H170L158 198Q156 204 150 204H90Q84 204 82 198Z", "#f2b441") + line(
        "M96 160L100 196M120 160V196M144 160L140 196", "#cf9226", 5
    )
    fruit = (
        circle(96, 140, 18, "#e5604f") + circle(144, 140, 18, "#f6d155") + moved(120, 138, circle(0, 0, 20, "#8fca6c"))
    )
    return awning + leaf(120, 122, -60, 0.8, "#dff2cf") + fruit + basket + box(62, 144, 116, 12, 6, "#e0a335")


def drawing(back: str, drawn: str) -> str:
    """The whole SVG."""
    glow = circle(120, 124, 104, "#ffffff", 'opacity=".55"') if back != LOGO_COLOUR else ""
    ground = f'<rect width="240" height="240" fill="{back}"/>{glow}'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240">{ground}{drawn}</svg>'


LOGO_COLOUR = "#24693f"


def drawings() -> dict[str, str]:
    """Every SVG by the name of its picture: the products' codes, and `logo`."""
    made = {code: drawing(back, draw()) for code, (back, draw) in DRAWINGS.items()}
    return {**made, "logo": drawing(LOGO_COLOUR, _logo())}


_TO_WEBP = """async ([svg, side]) => {
    const drawn = new Image();
    drawn.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg);
    await drawn.decode();
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side;
    canvas.getContext("2d").drawImage(drawn, 0, 0, side, side);
    return canvas.toDataURL("image/webp", 0.86).split(",")[1];
}"""


def main() -> None:
    """Makes all the pictures anew."""
    from playwright.sync_api import sync_playwright

    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        for name, svg in drawings().items():
            sized = svg.replace("<svg ", f'<svg width="{SIDE}" height="{SIDE}" ', 1)
            picture = base64.b64decode(page.evaluate(_TO_WEBP, [sized, SIDE]))
            (PICTURES / f"{name}.webp").write_bytes(picture)
        browser.close()


if __name__ == "__main__":
    main()
