-- What the workloads read. Prices are multiples of 1/4, so that their sums are exact in any order.
set client_min_messages = warning;

create unlogged table point (id bigint primary key, name text not null,
                             amount numeric(12, 2) not null, changed timestamptz not null);
insert into point
  select i, 'name-' || i, (i * 7919 % 10000000) / 100.0,
         timestamptz '2024-01-01 00:00:00Z' + i * interval '1 hour 1.000123 second'
  from generate_series(1, 10000) as i;

create unlogged table narrow (id bigint not null, quantity integer not null,
                              price double precision not null, active boolean not null);
insert into narrow
  select i, i % 1000 - 500, i * 0.25, i % 3 = 0
  from generate_series(1, 2000000) as i;

-- 200 bytes each, every one another, its first and last eight among the different ones.
create unlogged table texts (body text not null);
insert into texts select left(repeat(md5(i::text), 7), 200) from generate_series(1, 500000) as i;
grant select on texts to u_scram;

-- Afterwards nothing is left for a first reader to do, and every run reads the same way.
vacuum (analyze, freeze) point;
vacuum (analyze, freeze) narrow;
vacuum (analyze, freeze) texts;
alter database postgres set max_parallel_workers_per_gather = 0;
alter database postgres set synchronize_seqscans = off;
alter database postgres set jit = off;
