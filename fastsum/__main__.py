"""The command `fastsum`, which is also `python -m fastsum`."""


def main() -> None:
    """Run the command line and exit."""
    from fastsum.cli import app  # here, since worker processes import this module and need no command line

    app.main()


if __name__ == "__main__":
    main()
