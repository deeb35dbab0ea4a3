// `interpolate` does not know the variables of a data file.
const row = bru.runner.iterationData.get();
const fromFile = (part, name) => (name in row ? row[name] : part);
const insert = (text) => bru.interpolate(text.replace(/\{\{([^{}]+)\}\}/g, fromFile));
const { query, variables } = req.getBody({ raw: true });
const body = requestBody(query, variables || '{}', insert);
const url = insert(req.getUrl());
// Milliseconds, so that two equal mutations within a second have different signatures.
const timestamp = String(Date.now());

// Exactly these bytes are signed, so the body is sent as text.
req.setBody(body, { raw: true });
req.setHeader('content-type', 'application/json');
req.setHeader('x-client-id', insert('{{clientId}}'));
req.setHeader('x-timestamp', timestamp);
req.setHeader(
  'x-signature',
  signature(require('crypto-js'), insert('{{clientSecret}}'), url, timestamp, body),
);
