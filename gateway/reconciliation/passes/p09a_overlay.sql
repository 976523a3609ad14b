-- Pass 9a: first in, first out per loan.  Items and money are laid on one line of rupiah; where
-- two intervals meet, that money pays that item.  A row cannot reach past its horizon (ruling 7):
-- ``within`` is how far the line goes for it, so ``hi`` is the lower of both.
INSERT INTO allocation
WITH e AS (
    SELECT
        i.loan_reference, i.number, i.due_on, i.rest_idr,
        SUM(i.rest_idr) OVER (
            PARTITION BY i.loan_reference ORDER BY i.due_on, i.number ROWS UNBOUNDED PRECEDING
        ) AS hi
    FROM open_item AS i
    WHERE i.rest_idr > 0
),
r AS (
    SELECT
        m.loan_reference, m.row_key, m.turn, m.rest_idr,
        SUM(m.rest_idr) OVER (
            PARTITION BY m.loan_reference ORDER BY m.turn ROWS UNBOUNDED PRECEDING
        ) AS brought,
        m.value_on + u.horizon_days AS reach_on
    FROM open_money AS m CROSS JOIN rule AS u
    WHERE NOT m.closing AND m.rest_idr > 0
),
bounded AS (
    SELECT r.loan_reference, r.row_key, r.turn, r.brought, COALESCE(MAX(e.hi), 0) AS within
    FROM r LEFT JOIN e ON e.loan_reference = r.loan_reference AND e.due_on <= r.reach_on
    GROUP BY r.loan_reference, r.row_key, r.turn, r.brought
),
filled AS (
    SELECT
        loan_reference, row_key, turn,
        brought + LEAST(0, MIN(within - brought) OVER (
            PARTITION BY loan_reference ORDER BY turn ROWS UNBOUNDED PRECEDING
        )) AS hi
    FROM bounded
),
span AS (
    SELECT
        loan_reference, row_key, hi,
        COALESCE(LAG(hi) OVER (PARTITION BY loan_reference ORDER BY turn), 0) AS lo
    FROM filled
)
SELECT
    e.loan_reference, e.number, s.row_key,
    CAST(LEAST(e.hi, s.hi) - GREATEST(e.hi - e.rest_idr, s.lo) AS BIGINT), 'P9A'
FROM span AS s
JOIN e ON e.loan_reference = s.loan_reference AND s.lo < e.hi AND e.hi - e.rest_idr < s.hi
WHERE s.lo < s.hi;
