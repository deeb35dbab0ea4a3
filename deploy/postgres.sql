-- Run once by the image of PostgreSQL, in compose.yaml, when the volume is new. The image's own account is a superuser.
\getenv password POSTGRES_PASSWORD

-- As owner of the database, the gateway creates its tables and the extensions pg_trgm and btree_gin, which are trusted.
create role gateway login password :'password';
alter database gateway owner to gateway;

-- Without a password the superuser can connect inside the container only: docker compose exec postgres psql --username postgres
alter role postgres password null;
