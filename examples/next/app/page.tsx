import { Table } from './Table';

// Rendered on the server, where telemetry does nothing.
export default function Page() {
  return (
    <main>
      <h1>Pot them all</h1>
      <Table sessionId="s-1" />
    </main>
  );
}
