-- Early pay-off (ruling 3), after the ordinary money up to that day: interest of later
-- instalments is waived, and the closing rows pay whatever is left, whatever its date.
INSERT INTO waived
SELECT i.loan_reference, i.number, CAST(LEAST(i.interest_idr, i.rest_idr) AS BIGINT)
FROM open_item AS i
JOIN payoff AS c ON c.loan_reference = i.loan_reference AND i.due_on > c.closed_on
WHERE i.rest_idr > 0 AND i.interest_idr > 0;

INSERT INTO allocation
WITH e AS (
    SELECT
        i.loan_reference, i.number, i.rest_idr,
        SUM(i.rest_idr) OVER (
            PARTITION BY i.loan_reference ORDER BY i.due_on, i.number ROWS UNBOUNDED PRECEDING
        ) AS hi
    FROM open_item AS i
    WHERE i.rest_idr > 0
),
r AS (
    SELECT
        m.loan_reference, m.row_key, m.rest_idr,
        SUM(m.rest_idr) OVER (
            PARTITION BY m.loan_reference ORDER BY m.turn ROWS UNBOUNDED PRECEDING
        ) AS hi
    FROM open_money AS m
    WHERE m.closing AND m.rest_idr > 0
)
SELECT
    e.loan_reference, e.number, r.row_key,
    CAST(LEAST(e.hi, r.hi) - GREATEST(e.hi - e.rest_idr, r.hi - r.rest_idr) AS BIGINT), 'PAYOFF'
FROM r
JOIN e
    ON e.loan_reference = r.loan_reference
    AND r.hi - r.rest_idr < e.hi
    AND e.hi - e.rest_idr < r.hi;
