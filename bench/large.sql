-- What `bytea_large` reads: 1 MiB each, every one another at both ends. Stored as they are, for
-- decompressing them would cost the server more than all clients.
set client_min_messages = warning;

create unlogged table large (body bytea not null);
alter table large alter column body set storage external;
insert into large
  select convert_to(repeat(md5(i::text), 32768), 'SQL_ASCII') from generate_series(1, 200) as i;
vacuum (analyze, freeze) large;
