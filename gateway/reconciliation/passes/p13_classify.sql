-- Pass 13: every rupiah that is left gets exactly one code (ordered lists, first that holds).
CREATE TABLE touch AS
SELECT
    a.loan_reference, a.number, a.row_key, a.amount_idr, a.rule,
    l.turn, l.value_on, i.due_on, i.grace_on, i.place
FROM allocation AS a
JOIN line AS l ON l.row_key = a.row_key
JOIN item AS i ON i.loan_reference = a.loan_reference AND i.number = a.number;

-- Ruling 5: the bank says instalment k is settled when its own balance after the row is no more
-- than the principal that our schedule leaves after k.
CREATE TABLE settled_by_bank AS
SELECT DISTINCT t.loan_reference, t.number
FROM touch AS t
JOIN line AS l ON l.row_key = t.row_key AND l.number = t.number
JOIN (
    SELECT
        loan_reference, number,
        SUM(principal_idr) OVER (PARTITION BY loan_reference) - SUM(principal_idr) OVER (
            PARTITION BY loan_reference ORDER BY number ROWS UNBOUNDED PRECEDING
        ) AS balance_idr
    FROM item
) AS s ON s.loan_reference = t.loan_reference AND s.number = t.number
WHERE l.outstanding_idr <= s.balance_idr;

CREATE TABLE item_end AS
SELECT
    i.loan_reference, i.number, i.place, i.due_on, i.open_idr,
    CAST(COALESCE(t.paid_idr, 0) AS BIGINT) AS paid_idr,
    CAST(COALESCE(w.amount_idr, 0) AS BIGINT) AS waived_idr,
    CAST(COALESCE(o.amount_idr, 0) AS BIGINT) AS rounded_idr,
    CAST(
        i.open_idr - COALESCE(t.paid_idr, 0) - COALESCE(w.amount_idr, 0)
        - COALESCE(o.amount_idr, 0) AS BIGINT
    ) AS rest_idr,
    t.last_turn,
    c.loan_reference IS NOT NULL AS closing,
    i.due_on <= u.period_last OR t.paid_idr IS NOT NULL OR c.loan_reference IS NOT NULL AS counted,
    CASE
        WHEN c.loan_reference IS NOT NULL
            THEN CASE WHEN n.is_group THEN 'GROUP_SHORT' ELSE 'PARTIAL' END
        WHEN i.due_on > u.as_of THEN 'NOT_DUE'
        WHEN b.number IS NOT NULL THEN 'AMOUNT_DIFF'
        WHEN t.paid_idr IS NOT NULL
            THEN CASE WHEN n.is_group THEN 'GROUP_SHORT' ELSE 'PARTIAL' END
        WHEN u.complete_until IS NULL OR i.due_on > u.complete_until THEN 'WAITING'
        WHEN n.is_group THEN 'GROUP_SHORT'
        ELSE 'MISSING'
    END AS code
FROM item AS i
CROSS JOIN rule AS u
JOIN loan AS n ON n.loan_reference = i.loan_reference
LEFT JOIN (
    SELECT loan_reference, number, SUM(amount_idr) AS paid_idr, MAX(turn) AS last_turn
    FROM touch
    GROUP BY loan_reference, number
) AS t ON t.loan_reference = i.loan_reference AND t.number = i.number
LEFT JOIN waived AS w ON w.loan_reference = i.loan_reference AND w.number = i.number
LEFT JOIN rounded AS o
    ON o.loan_reference = i.loan_reference AND o.number = i.number AND o.amount_idr > 0
LEFT JOIN payoff AS c ON c.loan_reference = i.loan_reference
LEFT JOIN settled_by_bank AS b ON b.loan_reference = i.loan_reference AND b.number = i.number;

CREATE TABLE purse_end AS
SELECT
    p.*,
    CAST(COALESCE(t.spent_idr, 0) AS BIGINT) AS spent_idr,
    CAST(COALESCE(-o.amount_idr, 0) AS BIGINT) AS rounded_idr,
    CASE
        WHEN n.loans > 1 THEN 'AMBIGUOUS'
        WHEN n.loans = 1 THEN 'NEAR_REF'
        WHEN p.held IS NOT NULL THEN p.held
        WHEN h.row_key IS NOT NULL THEN 'POSSIBLE_DUP'
    END AS why_held,
    COALESCE(n.loans, 0) AS near_loans,
    CASE WHEN n.loans = 1 THEN n.only_one END AS suggestion
FROM purse AS p
LEFT JOIN (
    SELECT row_key, SUM(amount_idr) AS spent_idr FROM allocation GROUP BY row_key
) AS t ON t.row_key = p.row_key
LEFT JOIN rounded AS o ON o.row_key = p.row_key AND o.amount_idr < 0
LEFT JOIN held_twin AS h ON h.row_key = p.row_key
LEFT JOIN (
    SELECT row_key, COUNT(*) AS loans, MIN(loan_reference) AS only_one
    FROM near_loan
    GROUP BY row_key
) AS n ON n.row_key = p.row_key;

CREATE TABLE residual AS
SELECT 'E' AS side, loan_reference, number, CAST(NULL AS VARCHAR) AS row_key, code,
    rest_idr AS amount_idr
FROM item_end
WHERE counted AND rest_idr > 0
UNION ALL
SELECT 'E', loan_reference, number, NULL, 'WAIVED', waived_idr
FROM item_end
WHERE waived_idr > 0
UNION ALL
SELECT 'E', loan_reference, number, NULL, 'ROUNDING', rounded_idr
FROM item_end
WHERE rounded_idr > 0
UNION ALL
SELECT 'R', loan_reference, NULL, row_key, duplicate, signed_idr
FROM line
WHERE duplicate IS NOT NULL
UNION ALL
SELECT 'R', l.loan_reference, NULL, l.row_key,
    CASE WHEN v.reversal_key IS NULL THEN 'REV_ORPHAN' ELSE 'REVERSED' END, l.signed_idr
FROM line AS l LEFT JOIN reversal AS v ON v.reversal_key = l.row_key
WHERE l.type = 'R' AND l.duplicate IS NULL
UNION ALL
SELECT 'R', loan_reference, NULL, row_key, 'REVERSED', taken_idr
FROM purse_end
WHERE taken_idr > 0
UNION ALL
SELECT 'R', loan_reference, NULL, row_key, why_held, left_idr
FROM purse_end
WHERE why_held IS NOT NULL AND left_idr > 0
UNION ALL
SELECT 'R', loan_reference, NULL, row_key, 'PENALTY', penalty_idr
FROM purse_end
WHERE why_held IS NULL AND penalty_idr > 0
UNION ALL
SELECT 'R', loan_reference, NULL, row_key, 'ROUNDING', rounded_idr
FROM purse_end
WHERE rounded_idr > 0
UNION ALL
SELECT 'R', p.loan_reference, NULL, p.row_key,
    CASE
        WHEN n.closed AND p.spent_idr = 0 THEN 'CLOSED_LOAN'
        WHEN n.is_group THEN 'GROUP_OVER'
        ELSE 'OVERPAID'
    END,
    p.available_idr - p.spent_idr - p.rounded_idr
FROM purse_end AS p JOIN loan AS n ON n.loan_reference = p.loan_reference
WHERE p.why_held IS NULL AND p.available_idr - p.spent_idr - p.rounded_idr > 0;
