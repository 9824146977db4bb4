import type { ReactNode } from 'react';
import { Icon } from './Icon';

/** A small remark that asks for nothing. */
export function Notice({ children }: { readonly children: ReactNode }) {
  return (
    <p className="notice" role="status" data-testid="notice">
      <Icon name="offline" />
      {children}
    </p>
  );
}
