"""Which Pythons and machines the dependencies have wheels for: summarizing's, and training's, which has PyTorch.

`make` runs this file before it installs anything, by whatever Python 3 there is: it takes nothing but the standard
library, and no syntax newer than Python 3.6.
"""

import platform
import sys
import sysconfig

OLDEST, NEWEST = (3, 10), (3, 14)
GLIBC = (2, 28)
MACOS, TRAINING_MACOS = (13,), (14,)
_PROCESSORS = {"Linux": ("x86_64", "aarch64"), "Darwin": ("x86_64", "arm64")}


def problem(training: bool = False) -> str:
    """Why fastsum, or what `training` needs, cannot be installed here, and what to do; empty where it can."""
    python, version = platform.python_implementation(), platform.python_version()
    system, processor = platform.system(), platform.machine()
    if python != "CPython" or not OLDEST <= sys.version_info[:2] <= NEWEST:
        return (
            f"the packages it needs have wheels for CPython {_dotted(OLDEST)} to {_dotted(NEWEST)}, and this is "
            f"{python} {version}. Install one of those and name it: make PYTHON=python3.12"
        )
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return "some of the packages it needs have no wheels for free-threaded builds of Python. Install a usual one."
    if sys.maxsize < 1 << 32:
        return "the packages it needs have no wheels for 32 bits, and this Python has 32. Install a 64-bit Python."
    if system not in _PROCESSORS:
        return f"it runs on Linux and macOS, and this is {system}. On Windows, use WSL."
    if processor not in _PROCESSORS[system]:
        fitting = " or ".join(_PROCESSORS[system])
        return (
            f"the packages it needs have wheels on {system} for {fitting}, and this Python is for {processor}. Install "
            f"one for {fitting}, or use a machine that has one."
        )
    library, number = platform.libc_ver()
    if system == "Linux" and library == "glibc" and _numbers(number) < GLIBC:
        return (
            f"the packages it needs have wheels for glibc {_dotted(GLIBC)} or later, and this system has glibc "
            f"{number}. Use a newer distribution; a container will do."
        )
    if system == "Darwin" and _numbers(platform.mac_ver()[0]) < MACOS:
        return (
            f"the packages it needs have wheels for macOS {_dotted(MACOS)} or later, and this is "
            f"{platform.mac_ver()[0]}. Update it."
        )
    return _problem_of_torch() if training else ""


def _problem_of_torch() -> str:
    """Why PyTorch cannot be installed where all else can."""
    if platform.system() == "Darwin":
        if platform.machine() != "arm64":
            return "PyTorch has no wheels for Macs with Intel processors. Use another machine to train."
        if _numbers(platform.mac_ver()[0]) < TRAINING_MACOS:
            return (
                f"PyTorch's wheels need macOS {_dotted(TRAINING_MACOS)} or later, and this is {platform.mac_ver()[0]}. "
                "Update it."
            )
    elif platform.libc_ver()[0] != "glibc":
        return (
            "PyTorch's wheels need glibc, and this system has another C library (musl, if this is Alpine). Use a "
            "distribution that has it, such as Debian or Ubuntu; a container will do."
        )
    return ""


def _numbers(version: str) -> "tuple[int, ...]":
    return tuple(int(part) for part in version.split(".")[:2] if part.isdigit())


def _dotted(version: "tuple[int, ...]") -> str:
    return ".".join(map(str, version))


if __name__ == "__main__":
    wanted = "fastsum[train]" if "train" in sys.argv[1:] else "fastsum"
    found = problem(training="train" in sys.argv[1:])
    sys.exit(wanted + " cannot be installed here: " + found if found else 0)
