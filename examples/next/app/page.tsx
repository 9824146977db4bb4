import { ErrorBoundary } from '@artel/telemetry-react';
import { Table } from './Table';

// Rendered on the server, where telemetry does nothing.
export default function Page() {
  return (
    <main>
      <h1>Pot them all</h1>
      <ErrorBoundary>
        <Table sessionId="s-1" />
      </ErrorBoundary>
    </main>
  );
}
