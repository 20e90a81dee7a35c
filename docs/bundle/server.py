"""Where a client that installed the bundle begins: `nrqa` with what the client says behind it."""

from nrqa.cli import main

main()
