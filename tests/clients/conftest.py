"""The service over HTTP, for clients that we did not write."""

from tests.service.conftest import data_folder, server

__all__ = ["data_folder", "server"]
