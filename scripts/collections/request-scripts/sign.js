// Signs the request by the rules of docs/signing.md in the gateway's repository, over the bytes that are sent.

/** The body, with the value of each {{variable}} inserted. A value inside quotes is escaped as JSON. */
function requestBody(query, variables, insert) {
  const inserted = variables.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|\{\{[^{}]+\}\}/g, (part) => {
    const text = part.startsWith('"') ? JSON.parse(part) : part;
    const value = insert(text);
    if (value === text && /^\{\{[^{}]+\}\}$/.test(text)) {
      throw new Error(`${text} has no value. Send the request that sets it first.`);
    }
    return part === text ? value : JSON.stringify(value);
  });
  return `{"query":${JSON.stringify(insert(query))},"variables":${inserted}}`;
}

/** The lower-case hexadecimal HMAC-SHA256 of METHOD:path:timestamp:bodyHash. */
function signature(crypto, secret, url, timestamp, body) {
  const path = url.replace(/^\w+:\/\/[^/?#]*/, '').split(/[?#]/)[0] || '/';
  const bodyHash = crypto.algo.SHA256.create();
  // In parts of whole characters: the sandbox of Bruno aborts when a text of some 300 KB is hashed in one call.
  for (const part of body.match(/[^]{1,10000}/gu)) bodyHash.update(part);
  return crypto.HmacSHA256(`POST:${path}:${timestamp}:${bodyHash.finalize()}`, secret).toString();
}
