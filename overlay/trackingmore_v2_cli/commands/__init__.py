"""The commands, one module each, registered in `_app`."""
