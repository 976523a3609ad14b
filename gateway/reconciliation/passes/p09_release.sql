-- Ruling 6, after a rehearsal without the held rows: where dues are open for them they pay after
-- all, in turn, for as long as the dues are not yet spoken for.
DELETE FROM held_twin
WHERE row_key IN (
    WITH open_due AS (
        SELECT m.row_key, m.loan_reference, m.turn, m.available_idr, SUM(i.rest_idr) AS due_idr
        FROM money AS m
        JOIN held_twin AS h ON h.row_key = m.row_key
        JOIN open_item AS i
            ON i.loan_reference = m.loan_reference
            AND i.rest_idr > 0
            AND (i.due_on <= m.value_on OR m.closing)
        GROUP BY m.row_key, m.loan_reference, m.turn, m.available_idr
    ),
    spoken AS (
        SELECT
            row_key, due_idr, available_idr,
            SUM(available_idr) OVER (
                PARTITION BY loan_reference ORDER BY turn ROWS UNBOUNDED PRECEDING
            ) AS asked_idr
        FROM open_due
    )
    SELECT row_key FROM spoken WHERE asked_idr - available_idr < due_idr
);
