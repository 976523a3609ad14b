-- Pass 7: the row states an instalment and brings another amount: it pays what it can there.
INSERT INTO allocation
SELECT
    loan_reference, number, row_key,
    CAST(LEAST(hi, item_idr) - (hi - rest_idr) AS BIGINT), 'P7'
FROM (
    SELECT
        i.loan_reference, i.number, m.row_key, m.rest_idr, i.rest_idr AS item_idr,
        SUM(m.rest_idr) OVER (
            PARTITION BY i.loan_reference, i.number ORDER BY m.turn ROWS UNBOUNDED PRECEDING
        ) AS hi
    FROM open_money AS m
    JOIN open_item AS i ON i.loan_reference = m.loan_reference AND i.number = m.number
    WHERE NOT m.closing AND m.rest_idr > 0 AND i.rest_idr > 0
) AS wish
WHERE hi - rest_idr < item_idr;
