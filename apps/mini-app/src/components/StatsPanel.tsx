import { useTelemetry } from '@artel/telemetry-react';
import { useEffect, useState } from 'react';
import { Icon } from './Icon';

/** Ms between two looks at the books while the panel is open. */
const LOOK_EVERY = 500;

function useStats() {
  const telemetry = useTelemetry();
  const [stats, setStats] = useState(() => telemetry.stats());
  useEffect(() => {
    const timer = setInterval(() => setStats(telemetry.stats()), LOOK_EVERY);
    return () => clearInterval(timer);
  }, [telemetry]);
  const look = () => setStats(telemetry.stats());
  return { stats, look, telemetry };
}

function kibibytes(bytes: number): string {
  return bytes < 1_024 ? `${bytes} B` : `${(bytes / 1_024).toFixed(1)} KiB`;
}

/** The telemetry's books, live: what a developer looks at while trying the app. */
export function StatsPanel({ onClose }: { readonly onClose: () => void }) {
  const { stats, look, telemetry } = useStats();
  const [flushing, setFlushing] = useState(false);
  const dropped = Object.entries(stats.dropped).filter(([, count]) => count > 0);
  const total = dropped.reduce((sum, [, count]) => sum + count, 0);

  const flush = async () => {
    setFlushing(true);
    await telemetry.flush();
    setFlushing(false);
    look();
  };

  return (
    <section id="stats-panel" className="panel" aria-label="Telemetry" data-testid="stats-panel">
      <div className="panel-head">
        <h2>Telemetry</h2>
        <button
          type="button"
          className="button small"
          data-testid="stats-flush"
          disabled={flushing}
          onClick={flush}
        >
          {flushing ? 'Flushing…' : 'Flush now'}
        </button>
        <button type="button" className="icon-button" aria-label="Close telemetry" onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <dl className="books">
        <div>
          <dt>Emitted</dt>
          <dd data-testid="stats-emitted">{stats.emitted}</dd>
        </div>
        <div>
          <dt>Acknowledged</dt>
          <dd data-testid="stats-acknowledged">{stats.acknowledged}</dd>
        </div>
        <div>
          <dt>Pending</dt>
          <dd data-testid="stats-pending">{stats.pending}</dd>
        </div>
        <div>
          <dt>Dropped</dt>
          <dd data-testid="stats-dropped">{total}</dd>
        </div>
      </dl>
      <dl className="facts">
        <dt>Outbox</dt>
        <dd data-testid="stats-outbox">
          {stats.outbox.batches} {stats.outbox.batches === 1 ? 'batch' : 'batches'},{' '}
          {kibibytes(stats.outbox.bytes)}
        </dd>
        <dt>Storage</dt>
        <dd data-testid="stats-storage">{stats.storage}</dd>
        {dropped.length > 0 && (
          <>
            <dt>Dropped</dt>
            <dd data-testid="stats-dropped-reasons">
              {dropped.map(([reason, count]) => `${reason} ${count}`).join(', ')}
            </dd>
          </>
        )}
        {stats.lastError !== undefined && (
          <>
            <dt>Last error</dt>
            <dd data-testid="stats-last-error">{stats.lastError}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
