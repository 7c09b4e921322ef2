"""The running service, for clients that we did not write."""

from tests.serving import data_folder, server  # noqa: F401
