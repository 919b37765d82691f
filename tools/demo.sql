-- The small table of the demonstration and of README's first program.
set client_min_messages = warning;
drop table if exists accounts;
create table accounts (
  id      bigint primary key,
  name    text not null,
  balance numeric(12, 2),
  opened  timestamptz not null
);
insert into accounts values
  (1, 'Ada',      1250.00, '2023-01-15 09:30:00+00'),
  (2, 'Blaise',     12.50, '2023-06-01 14:00:00+00'),
  (3, 'Charles',     null, '2024-02-29 23:59:59.999999+00'),
  (4, 'Zoë "Z"', -7000.01, '2024-12-31 00:00:00+00');
