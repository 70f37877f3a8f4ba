"""`python -m augcli`, and the installed command."""


def main() -> None:
    """Runs the command line."""
    from augcli.cli.main import cli  # noqa: PLC0415  workers import this module and need none

    cli()


if __name__ == "__main__":
    main()
