"""The domain of Proterm: code systems, value sets, coverage and rules. It knows nothing of HTTP."""
