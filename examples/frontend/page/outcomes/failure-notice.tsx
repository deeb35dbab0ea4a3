import type { ReactNode } from 'react';
import type { Failure } from '../ask';
import { Notice } from './notice';

/** What to tell people where they need other words than programs do. */
const TITLES: ReadonlyMap<string, string> = new Map([
  ['UNAUTHENTICATED', 'The gateway does not take this app’s credentials.'],
  ['RATE_LIMIT_EXCEEDED', 'The gateway takes no more requests just now.'],
  ['SERVICE_UNAVAILABLE', 'The gateway cannot answer just now.'],
]);

interface FailureNoticeProps {
  readonly failure: Failure;
  /** What can be done. */
  readonly children: ReactNode;
}

/** An operation that has no outcome. */
export function FailureNotice({ failure, children }: FailureNoticeProps) {
  const { code, reason, message, requestId } = failure;
  const facts = [code, reason, requestId !== undefined && `request ${requestId}`];
  return (
    <Notice kind="problem" title={TITLES.get(code) ?? message}>
      <p className="hint">{facts.filter(Boolean).join(', ')}</p>
      {children}
    </Notice>
  );
}
