-- What `stream` reads: texts of 50 bytes, every one another, both ends among the different ones.
set client_min_messages = warning;

create unlogged table streamed as
  select i as id, rpad(i::text, 25, '.') || lpad(i::text, 25, '.') as body
  from generate_series(1::bigint, 5000000) as i;
vacuum (analyze, freeze) streamed;
