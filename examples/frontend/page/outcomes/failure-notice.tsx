import type { ReactNode } from 'react';
import type { Failure } from '../execute';
import { Notice } from './notice';

const CONNECTION_LOST = { title: 'Connection lost', advice: 'Check your connection, then try again.' };
const UNAVAILABLE = { title: 'Service unavailable', advice: 'Try again in a moment.' };

const NOT_PUBLISHED = {
  title: 'This app is not published',
  advice: 'Ask your administrator to publish its operations on the gateway.',
};

/** What a person reads and can do, by error code. */
const TEXTS: ReadonlyMap<string, { readonly title: string; readonly advice: string }> = new Map([
  ['NO_RESPONSE', CONNECTION_LOST],
  ['GATEWAY_UNREACHABLE', UNAVAILABLE],
  ['GATEWAY_TIMEOUT', UNAVAILABLE],
  ['SERVICE_UNAVAILABLE', UNAVAILABLE],
  [
    'UNAUTHENTICATED',
    { title: 'This app is not connected', advice: 'Ask your administrator to connect it again.' },
  ],
  [
    'FORBIDDEN',
    { title: 'This app is not allowed to do that', advice: 'Ask your administrator for permission.' },
  ],
  ['RATE_LIMIT_EXCEEDED', { title: 'Too many requests', advice: 'Wait a moment, then try again.' }],
  ['PERSISTED_QUERY_NOT_FOUND', NOT_PUBLISHED],
  ['PERSISTED_QUERY_NOT_IN_LIST', NOT_PUBLISHED],
  ['UNKNOWN_DOCUMENT', { title: 'This page is out of date', advice: 'Reload the page.' }],
]);

const OTHER = { title: 'Something went wrong', advice: 'Try again. If it fails again, contact support.' };

interface FailureNoticeProps {
  readonly failure: Failure;
  /** More advice and the actions. */
  readonly children: ReactNode;
}

/** An operation that failed without an outcome of the schema. */
export function FailureNotice({ failure, children }: FailureNoticeProps) {
  const { code, reason, requestId } = failure;
  const { title, advice } = TEXTS.get(code) ?? OTHER;
  const details = [code, reason, requestId !== undefined && `request ${requestId}`];
  return (
    <Notice kind="problem" title={title}>
      <p>{advice}</p>
      {children}
      <p className="hint">{details.filter(Boolean).join(', ')}</p>
    </Notice>
  );
}
