"""One verb per module: reads the store, asks the domain and the connector, writes the store.

A step is ``step(store, …, now) -> Summary``: no globals, no clock.  Plan, act, record: a pure
function plans, the step acts, one store transaction records; dying between is harmless.
"""
