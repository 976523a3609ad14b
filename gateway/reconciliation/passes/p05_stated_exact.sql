-- Pass 5: the row states an instalment, and its money is exactly what is open there.
INSERT INTO allocation
SELECT loan_reference, number, row_key, rest_idr, 'P5'
FROM (
    SELECT
        i.loan_reference, i.number, m.row_key, i.rest_idr,
        ROW_NUMBER() OVER (PARTITION BY i.loan_reference, i.number ORDER BY m.turn) AS place
    FROM open_money AS m
    JOIN open_item AS i
        ON i.loan_reference = m.loan_reference
        AND i.number = m.number
        AND i.rest_idr = m.rest_idr
    WHERE NOT m.closing AND m.rest_idr > 0
) AS exact
WHERE place = 1;
