"""A pretend city on loopback: banks and a credit registry, with faults to order.

The banks answer with the bank's kit (:mod:`gateway.bankkit`) and with books of their own, so
that no mistake of the gateway can be on both ends of the wire.
"""
