'use client';

import { useErrorReport } from '@artel/telemetry-react';

/** Next.js shows this for an error outside any other boundary, and catches it: the hook reports it. */
export default function ErrorPage({ error, reset }: { readonly error: Error; readonly reset: () => void }) {
  useErrorReport(error);
  return (
    <main>
      <h1>Something went wrong</h1>
      <button type="button" onClick={reset}>
        Try again
      </button>
    </main>
  );
}
