import type { ReactNode } from 'react';

interface NoticeProps {
  readonly kind: 'success' | 'problem';
  readonly title: string;
  readonly children?: ReactNode;
}

/** What happened and what to do next. Can receive focus, so that keyboard users continue from here. */
export function Notice({ kind, title, children }: NoticeProps) {
  return (
    <div className={`outcome ${kind}`} tabIndex={-1}>
      <h3>{title}</h3>
      {children}
    </div>
  );
}
