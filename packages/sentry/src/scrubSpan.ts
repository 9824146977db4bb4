import type { BrowserOptions } from '@sentry/react';
import { scrubName, scrubTree } from './scrubTree';

type BeforeSendSpan = NonNullable<BrowserOptions['beforeSendSpan']>;

/** Answers a copy of a span with its name and attributes scrubbed. A span cannot be dropped here, only cleaned. */
export const scrubSpan: BeforeSendSpan = (span) => ({ ...scrubTree(span), name: scrubName(span.name) });
