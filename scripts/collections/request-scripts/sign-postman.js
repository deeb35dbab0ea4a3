const insert = (text) => pm.variables.replaceIn(text);
const { query, variables } = pm.request.body.graphql;
const body = requestBody(query, variables || '{}', insert);
const url = insert(pm.request.url.toString());
// Milliseconds, so that two equal mutations within a second have different signatures.
const timestamp = String(Date.now());

// Exactly these bytes are signed, so the body is sent as text.
pm.request.body.update({ mode: 'raw', raw: body });
pm.request.headers.upsert({ key: 'Content-Type', value: 'application/json' });
pm.request.headers.upsert({ key: 'x-client-id', value: insert('{{clientId}}') });
pm.request.headers.upsert({ key: 'x-timestamp', value: timestamp });
pm.request.headers.upsert({
  key: 'x-signature',
  value: signature(require('crypto-js'), insert('{{clientSecret}}'), url, timestamp, body),
});
