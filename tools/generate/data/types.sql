-- Writes types.csv: run with `psql --csv -f types.sql` against a fresh database of the newest
-- PostgreSQL release. Only types whose OIDs are fixed, without the row types of tables.
select t.oid,
       t.typname as name,
       t.typarray as array_oid,
       case when t.typsubscript = 'array_subscript_handler'::regproc then t.typelem else 0 end
         as element_oid,
       t.typtype,
       t.typcategory,
       format_type(t.oid, null) as sql_name
from pg_type t
where t.oid < 10000
  and t.typtype <> 'c'
  and not exists (select from pg_type e where e.typarray = t.oid and e.typtype = 'c')
order by t.oid;
