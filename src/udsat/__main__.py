"""`python -m udsat`."""

from udsat.cli.app import main

main()
