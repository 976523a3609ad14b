"""Shipped for a bank's own programmer: the conformance suite, builders, a plugin to start from.

Nothing in the core imports this package.
"""
