/** What the migrations create, from PostgreSQL's contrib modules. Both are trusted: CREATE on the database suffices. */
export const EXTENSIONS = ['pg_trgm', 'btree_gin'];
