import { requestBody } from '../request-body.js';
import { type Snippet } from './snippet.js';

/**
 * For bash and zsh, with curl and openssl. The parentheses make the shell run it as one command when it is pasted, and keep the
 * secrets out of the variables of the caller's shell. It has no comments, which zsh does not accept at its prompt.
 */
export const toCurl: Snippet = ({ origin, path, credentials, request }) => `(
client_id=${quote(credentials.clientId)}
client_secret=${quote(credentials.clientSecret)}
token=${quote(credentials.token)}
body=${quote(requestBody(request))}

timestamp=$(date +%s)
body_hash=$(printf %s "$body" | openssl dgst -sha256 -r | cut -d' ' -f1)
signature=$(printf %s "POST:${path}:$timestamp:$body_hash" |
  openssl dgst -sha256 -hmac "$client_secret" -r | cut -d' ' -f1)
printf %s "$body" | curl -sS ${quote(origin + path)} --data-binary @- \\
  -H 'Content-Type: application/json' -H "Authorization: Bearer $token" \\
  -H "x-client-id: $client_id" -H "x-timestamp: $timestamp" -H "x-signature: $signature" \\
  -w '\\n'
)
`;

/** A word that the shell takes literally. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
