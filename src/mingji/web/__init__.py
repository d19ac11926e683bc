"""The shell: settings, addresses, the frame of every page, errors."""
