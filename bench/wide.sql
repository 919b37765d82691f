-- What `rows_wide` reads: 20 columns of the types that tables are made of. Each row has a NULL or
-- more, not always in the same column. Prices and ratios are multiples of 1/4, so that their sums
-- are exact in any order.
set client_min_messages = warning;

create unlogged table wide (
  id bigint not null, quantity integer not null, kind smallint not null, parent bigint,
  stock integer, price double precision not null, ratio real not null, discount double precision,
  amount numeric(12, 2) not null, tax numeric(14, 6), name text not null, street text not null,
  city text not null, note text, made timestamptz not null, changed timestamptz not null,
  removed timestamptz, key uuid not null, active boolean not null, checked boolean);
insert into wide
  select i, i % 1000 - 500, i % 300, case when i % 5 <> 0 then i / 2 end,
         case when i % 7 <> 0 then i % 70000 end, i * 0.25, i % 1000 * 0.25,
         case when i % 5 <> 1 then i % 100 * 0.25 end,
         (i * 7919 % 10000000) / 100.0,
         case when i % 9 <> 0 then (i * 7919 % 10000000) / 1000000.0 end,
         left(md5(i::text), 20 + (i % 13)::integer),
         rpad('street ' || i, 20 + (i % 31)::integer, '.'),
         rpad('city ' || i % 997, 20 + (i % 7)::integer, '.'),
         case when i % 5 <> 2 then rpad('note ' || i, 50, '.') end,
         timestamptz '2024-01-01 00:00:00Z' + i * interval '1 minute 1.000123 second',
         timestamptz '2024-01-01 00:00:00Z' + i * interval '2 minutes 1.001 second',
         case when i % 5 <> 3 then timestamptz '2025-01-01 00:00:00Z' + i * interval '1 hour' end,
         md5(i::text)::uuid, i % 3 = 0, case when i % 5 <> 4 then i % 2 = 0 end
  from generate_series(1::bigint, 200000) as i;
vacuum (analyze, freeze) wide;
