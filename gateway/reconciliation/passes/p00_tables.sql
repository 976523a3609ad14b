-- The inputs as tables of the database: copied once from the Arrow tables handed in.
CREATE TABLE rule AS SELECT * FROM rule_arrow;
CREATE TABLE loan AS SELECT * FROM loan_arrow;
CREATE TABLE alias AS SELECT * FROM alias_arrow;
CREATE TABLE item AS SELECT * FROM item_arrow;
CREATE TABLE row_in AS SELECT * FROM row_in_arrow;
