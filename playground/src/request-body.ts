/** What GraphiQL asks to send. */
export interface GraphQLRequest {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: string | null | undefined;
}

/** The body of the request, as the page and every snippet send it. */
export function requestBody({ query, variables, operationName }: GraphQLRequest): string {
  return JSON.stringify({ query, variables, operationName });
}
