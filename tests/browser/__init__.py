"""Report and console in a real browser: `make test-browser`."""
