"""The letters of fonts of symbols: what a code in the font Symbol, or in a font of dingbats, looks like to a reader.

Documents set Greek letters and signs in such fonts, as codes 20 to FE (hexadecimal) or as private-use characters F020
to F0FE. The tables are fixed. Sources: Adobe's encoding of Symbol, and the glyphs of the three Wingdings in Unicode.
"""

from __future__ import annotations

UNKNOWN = "\ufffd"
_PRIVATE = 0xF000
_SYMBOL_LOWER = (  # 20 to 7E
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
)
_SYMBOL_UPPER = (  # A0 to FE; F0 is the mark of a firm
    "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\0⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"
)
_SYMBOL = {
    **{0x20 + number: sign for number, sign in enumerate(_SYMBOL_LOWER)},
    **{0xA0 + number: sign for number, sign in enumerate(_SYMBOL_UPPER) if sign != "\0"},
}


def _table(rows: str) -> dict[int, str]:
    """Codes and signs from "4A☺ 4C☹": two hexadecimal digits, then the sign."""
    return {int(row[:2], 16): row[2:] for row in rows.split()}


_WINGDINGS = {
    0x20: " ",
    **_table("""
        22✂ 28☎ 29✆ 2A✉ 36⌛ 37⌨ 3E✇ 3F✍ 41✌ 43👍 44👎 45☜ 46☞ 47☝ 48☟ 4A☺ 4B😐 4C☹ 4D💣 4E☠ 51✈ 52☼ 53💧 54❄ 56✞ 58✠
        59✡ 5A☪ 5B☯ 5E♈ 5F♉ 60♊ 61♋ 62♌ 63♍ 64♎ 65♏ 66♐ 67♑ 68♒ 69♓ 6A& 6B& 6C● 6D❍ 6E■ 6F□ 70□ 71❑ 72❒ 73⬧
        74⧫ 75◆ 76❖ 77⬥ 78⌧ 7A⌘ 7D❝ 7E❞ 80⓪ 81① 82② 83③ 84④ 85⑤ 86⑥ 87⑦ 88⑧ 89⑨ 8A⑩ 8B⓿ 8C❶ 8D❷ 8E❸ 8F❹ 90❺ 91❻ 92❼
        93❽ 94❾ 95❿ 9E· 9F• A0▪ A1○ A2○ A3○ A4◉ A5◎ A7▪ A8□ AA✦ AB★ AC✶ AD✴ AE✹ AF✵ B1⌖ B5✪ B6✰ D5⌫ D6⌦ D7◀ D8➢ D9▲ DA▼
        DB← DC→ DD↑ DE↓ DF← E0→ E1↑ E2↓ E3↖ E4↗ E5↙ E6↘ E7← E8→ E9↑ EA↓ EB↖ EC↗ ED↙ EE↘ EF⇐ F0⇒ F1⇑ F2⇓ F3⇔ F4⇕ F5⇖
        F6⇗ F7⇙ F8⇘ F9▭ FA▫ FB✗ FC✓ FD☒ FE☑
    """),
}
_WINGDINGS_2 = {
    0x20: " ",
    **_table("""
        4F✗ 50✓ 51☒ 52☑ 53☒ 54☒ 69⓪ 6A① 6B② 6C③ 6D④ 6E⑤ 6F⑥ 70⑦ 71⑧ 72⑨ 73⑩ 74⓿ 75❶ 76❷ 77❸ 78❹ 79❺ 7A❻ 7B❼ 7C❽ 7D❾
        7E❿ 95· 96• 97● 98● 99○ 9A○ 9B○ 9F■ A0■ A2■ A3□ A4□ B8◊ F8※
    """),
}
_WINGDINGS_3 = {
    0x20: " ",
    **_table("""
        21← 22→ 23↑ 24↓ 25↖ 26↗ 27↙ 28↘ 66← 67→ 68↑ 69↓ 6A↖ 6B↗ 6C↙ 6D↘ 6E↔ 6F↕ 70▲ 71▼ 72△ 73▽ 74◀ 75▶ 76◁ 77▷ 78◣ 79◢
        7A◤ 7B◥ 7C◀ 7D▶ 7E▲ 80▼ 81▲ 82▼ 83◀ 84▶
    """),
}
_FONTS = {
    "symbol": _SYMBOL,
    "symbolmt": _SYMBOL,
    "standardsymbolsl": _SYMBOL,
    "wingdings": _WINGDINGS,
    "wingdings2": _WINGDINGS_2,
    "wingdings3": _WINGDINGS_3,
}


def is_symbol_font(font: str) -> bool:
    """Whether a font has symbols in the place of letters, and its table is here."""
    return bool(font) and _name(font) in _FONTS


def symbol(font: str, code: int) -> str:
    """What a code (20 to FE, or F020 to F0FE, hexadecimal) of a font shows; "" where the font or the code is unknown.

    Other codes are those of Unicode, for which the font does not matter.
    """
    code -= _PRIVATE if 0xF000 <= code <= 0xF0FF else 0
    if 0xFF < code < 0x110000 and not 0xD800 <= code < 0xE000:
        return chr(code)
    return _FONTS.get(_name(font), {}).get(code, "")


def in_symbols(font: str, text: str) -> str:
    """A text that is set in a font of symbols, as it looks; � where the font's sign for a code is not known."""
    return "".join(char if char.isspace() else symbol(font, ord(char)) or UNKNOWN for char in text)


def _name(font: str) -> str:
    return "".join(filter(str.isalnum, font.casefold()))
