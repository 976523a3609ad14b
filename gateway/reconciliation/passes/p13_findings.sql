-- Rows of the list: remainders that are breaks, and facts, each with its evidence.
CREATE TABLE finding AS
WITH said AS (
    SELECT
        r.side, r.code, r.loan_reference, r.number,
        e.open_idr - e.waived_idr - e.rounded_idr AS expected_idr, e.paid_idr AS reported_idr,
        e.last_turn AS turn
    FROM residual AS r
    JOIN item_end AS e ON e.loan_reference = r.loan_reference AND e.number = r.number
    WHERE r.side = 'E' AND r.code NOT IN ('NOT_DUE', 'WAITING', 'WAIVED', 'ROUNDING')
    UNION ALL
    SELECT r.side, r.code, r.loan_reference, r.number, e.open_idr - e.waived_idr, e.paid_idr,
        e.last_turn
    FROM residual AS r
    JOIN item_end AS e ON e.loan_reference = r.loan_reference AND e.number = r.number
    WHERE r.side = 'E' AND r.code = 'ROUNDING'
    UNION ALL
    SELECT r.side, r.code, r.loan_reference, NULL, 0, r.amount_idr, l.turn
    FROM residual AS r JOIN line AS l ON l.row_key = r.row_key
    WHERE r.side = 'R' AND r.code NOT IN ('REVERSED', 'PENALTY')
    UNION ALL
    SELECT side, code, loan_reference, number, amount_idr, amount_idr, turn
    FROM fact
)
SELECT
    s.side, s.code, s.loan_reference, s.number,
    CAST(s.expected_idr AS BIGINT) AS expected_idr,
    CAST(s.reported_idr AS BIGINT) AS reported_idr,
    n.loan_number, COALESCE(n.is_group, FALSE) AS is_group, COALESCE(n.state, '') AS state,
    i.due_on, i.principal_idr, l.position, l.row_key, l.first_key, GREATEST(l.targets, COALESCE(p.near_loans, 0)) AS targets,
    o.first_key AS original_key, p.suggestion
FROM said AS s
LEFT JOIN line AS l ON l.turn = s.turn
LEFT JOIN loan AS n ON n.loan_reference = s.loan_reference
LEFT JOIN item AS i ON i.loan_reference = s.loan_reference AND i.number = s.number
LEFT JOIN reversal AS v ON v.reversal_key = l.row_key AND s.side = 'R'
LEFT JOIN line AS o ON o.row_key = v.original_key
LEFT JOIN purse_end AS p ON p.row_key = l.row_key AND s.side = 'R';
