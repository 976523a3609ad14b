"""The bank's kit: the small program ``gateway-bank``, for use at a bank.

It shares no code with the rest of the gateway on purpose: what the city writes is read here by
other hands, and what this writes is read there.  It needs Python, ``cryptography``,
``python-calamine`` (for spreadsheets) and the ``openssl`` program (for verifying).
"""
