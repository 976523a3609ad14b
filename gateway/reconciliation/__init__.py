"""The matching engine: what the city expects against what a bank reports, with a proof.

``engine.reconcile`` runs it; ``codes`` says what it found in words, and loads no database.
"""
