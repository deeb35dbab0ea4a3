import { type Snippet } from './snippet.js';

/** For Node 20 or later, without packages. The query is readable text and the variables are an object, so both are easy to edit. */
export const toNode: Snippet = ({ origin, path, credentials, request }) => `\
// Save as request.mjs and run: node request.mjs (Node 20 or later).
// Contains the client secret and the token: do not share or commit it.
import { createHash, createHmac } from 'node:crypto';

const clientId = ${JSON.stringify(credentials.clientId)};
const clientSecret = ${JSON.stringify(credentials.clientSecret)};
const token = ${JSON.stringify(credentials.token)};

const query = ${template(request.query)};
const variables = ${literal(request.variables)};
const operationName = ${literal(request.operationName)};
const body = JSON.stringify({ query, variables, operationName });

const timestamp = String(Date.now());
const bodyHash = createHash('sha256').update(body).digest('hex');
const signature = createHmac('sha256', clientSecret)
  .update(\`POST:${path}:\${timestamp}:\${bodyHash}\`)
  .digest('hex');
const response = await fetch(${JSON.stringify(origin + path)}, {
  method: 'POST',
  headers: {
    'Content-Type': 'application/json',
    Authorization: \`Bearer \${token}\`,
    'x-client-id': clientId,
    'x-timestamp': timestamp,
    'x-signature': signature,
  },
  body,
});
console.log(await response.text());
`;

/** A template literal. A carriage return would become a line feed in one; half a surrogate pair has no UTF-8. */
function template(text: string): string {
  const escaped = text
    .replaceAll(/[\\`]|\$(?=\{)/g, String.raw`\$&`)
    .replaceAll(/[\r\p{Surrogate}]/gu, unicodeEscape);
  return `\`${escaped}\``;
}

function unicodeEscape(character: string): string {
  return String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** JSON as an expression. A plain key `__proto__` in an object literal would set the prototype. */
function literal(value: unknown): string {
  return (JSON.stringify(value, null, 2) ?? 'undefined').replaceAll(
    /^( *)"__proto__":/gm,
    '$1["__proto__"]:',
  );
}
