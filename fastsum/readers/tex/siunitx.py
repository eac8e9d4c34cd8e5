"""Numbers with units, as siunitx and its relatives write them in LaTeX: 11 cm, 3.0 × 10^8 m/s, 20 % to 30 %."""

from __future__ import annotations

import re

from fastsum.readers.tex.formulas import formula, pairs

_PREFIXES = pairs("""
    yocto y zepto z atto a femto f pico p nano n micro µ milli m centi c deci d deca da deka da hecto h kilo k mega
    M giga G tera T peta P exa E zetta Z yotta Y kibi Ki mebi Mi gibi Gi tebi Ti
""")
_UNITS = pairs("""
    metre m meter m gram g second s ampere A kelvin K mole mol candela cd becquerel Bq degreeCelsius °C celsius °C
    coulomb C farad F gray Gy hertz Hz henry H joule J lumen lm katal kat lux lx newton N ohm Ω pascal Pa radian rad
    siemens S sievert Sv steradian sr tesla T volt V watt W weber Wb day d hour h minute min litre L liter L tonne t
    hectare ha dalton Da electronvolt eV bar bar barn b angstrom Å decibel dB bel B neper Np percent % degree °
    arcminute ′ arcsecond ″ bit bit byte B knot kn nauticalmile M astronomicalunit au molar mol/L Molar M year yr
    permille ‰ kg kg g g mg mg ug µg m m km km cm cm mm mm um µm nm nm s s ms ms us µs ns ns Hz Hz kHz kHz MHz MHz
    GHz GHz L L l l mL mL ml ml uL µL mol mol mmol mmol A A mA mA V V mV mV kV kV W W mW mW kW kW MW MW J J kJ kJ eV
    eV keV keV MeV MeV GeV GeV TeV TeV N N kN kN Pa Pa kPa kPa MPa MPa GPa GPa K K dB dB kWh kWh MWh MWh GWh GWh h h
    min min
""")
_POWERS = {"squared": "^2", "cubed": "^3"}
_POWERS_BEFORE = {"square": "^2", "cubic": "^3"}
_TOKEN = re.compile(r"\\([A-Za-z]+)\s*(?:\{([^{}]*)\})?|[^\\]+")
_EXPONENT = re.compile(r"(?<=[\d.])[eEdD]([-+]?)(\d+)\Z")
_CLOSE = ("%", "°", "′", "″", "‰")


def unit(tex: str) -> str:
    """A unit, of commands or of letters: \\metre\\per\\second and m.s^{-1} are m/s and m·s^-1.

    What is in the table of neither units nor prefixes is written with its own name.
    """
    if "\\" not in tex:
        return formula(tex.replace("~", "·").replace(".", "·")).replace(" · ", "·")
    above: list[str] = []
    below: list[str] = []
    last = above
    prefix = power = ""
    per = False
    for match in _TOKEN.finditer(tex):
        name = match[1]
        if name is None:
            above += [part for part in match[0].replace("{", "").replace("}", "").split() if part]
        elif name == "of":
            continue
        elif name == "per":
            per = True
        elif name in _PREFIXES:
            prefix = _PREFIXES[name]
        elif name in _POWERS_BEFORE:
            power = _POWERS_BEFORE[name]
        elif name in _POWERS or name == "tothe":
            if last:
                last[-1] += _POWERS.get(name, f"^{match[2]}")
        elif name == "raiseto":
            power = f"^{match[2]}"
        else:
            last = below if per else above
            last.append(f"{prefix}{_UNITS.get(name, name)}{power}")
            prefix = power = ""
            per = False
    top = "·".join(above)
    if not below:
        return top
    bottom = "·".join(below) if len(below) == 1 else f"({'·'.join(below)})"
    return f"{top or '1'}/{bottom}"


def number(tex: str) -> str:
    """A number: 1.5e-3 is 1.5 × 10^-3."""
    text = formula(tex)
    if (exponent := _EXPONENT.search(text)) is not None:
        text = f"{text[: exponent.start()]} × 10^{exponent[1].replace('+', '')}{exponent[2]}"
    return text.replace("+-", " ± ").strip()


def quantity(number_tex: str, unit_tex: str) -> str:
    """A number with its unit."""
    shown = unit(unit_tex)
    gap = "" if not shown or shown in _CLOSE[1:] else " "
    return f"{number(number_tex)}{gap}{shown}"


def listed(numbers: str, unit_tex: str = "", *, between: str = ";") -> str:
    """Several numbers with one unit: 1 m, 2 m and 3 m."""
    shown = [quantity(one, unit_tex) for one in numbers.split(between) if one.strip()]
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)
