import { requestBody } from '../request-body.js';
import { type Snippet } from './snippet.js';

/** For Python 3, with the standard library only. The body is text, which Python's own JSON would write differently. */
export const toPython: Snippet = ({ origin, path, credentials, request }) => `\
# Save as request.py and run: python3 request.py
# Contains the client secret and the token: do not share or commit it.
import hashlib
import hmac
import time
import urllib.error
import urllib.request

client_id = ${JSON.stringify(credentials.clientId)}
client_secret = ${JSON.stringify(credentials.clientSecret)}
token = ${JSON.stringify(credentials.token)}

body = (
${lines(requestBody(request))}
).encode()

timestamp = str(time.time_ns() // 1_000_000)
body_hash = hashlib.sha256(body).hexdigest()
string_to_sign = f"POST:${path}:{timestamp}:{body_hash}"
signature = hmac.new(client_secret.encode(), string_to_sign.encode(), hashlib.sha256).hexdigest()
headers = {
    "Content-Type": "application/json",
    "Authorization": f"Bearer {token}",
    "x-client-id": client_id,
    "x-timestamp": timestamp,
    "x-signature": signature,
}
request = urllib.request.Request(${JSON.stringify(origin + path)}, body, headers)
try:
    response = urllib.request.urlopen(request)
except urllib.error.HTTPError as error:
    response = error  # the body says why
print(response.read().decode())
`;

/** String literals that Python joins: one for each line of the text within the JSON. */
function lines(json: string): string {
  return (json.match(/(?:[^\\]|\\[^n])*(?:\\n|$)/g) ?? [])
    .filter((line) => line !== '')
    .map((line) => `    '${line.replaceAll(/[\\']/g, String.raw`\$&`)}'`)
    .join('\n');
}
