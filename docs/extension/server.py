"""Where a client that installed the extension begins: `nrqa` with what the client says behind it."""

from nrqa.cli import main

main()
