-- Ruling 6, after a rehearsal with every row: a suspect whose money landed only on items due
-- after its value date, or nowhere, is held.
INSERT INTO held_twin
SELECT s.row_key
FROM suspect AS s
LEFT JOIN allocation AS a ON a.row_key = s.row_key
LEFT JOIN item AS i ON i.loan_reference = a.loan_reference AND i.number = a.number
GROUP BY s.row_key, s.value_on
HAVING COUNT(CASE WHEN i.due_on <= s.value_on OR a.rule = 'PAYOFF' THEN 1 END) = 0;
