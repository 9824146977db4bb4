import type { Stats } from '@artel/telemetry-react';
import { Icon } from '../components/Icon';
import { type Texts, useTexts } from '../i18n/useTexts';
import { balance } from './balance';

function reasonText(reason: string, reasons: Texts['panel']['reasons']): string {
  const known: Readonly<Record<string, string>> = reasons;
  return known[reason] ?? reason;
}

/** Every event, and where it is: what was taken in stands against what became of it. */
export function BooksView({ stats }: { readonly stats: Stats }) {
  const {
    texts: { panel },
    format,
  } = useTexts();
  const { dropped, reasons, out } = balance(stats);
  return (
    <>
      <dl className="books">
        <div className="books-total">
          <dt>{panel.emitted}</dt>
          <dd data-testid="stats-emitted">{format.number(stats.emitted)}</dd>
        </div>
        <div>
          <dt>{panel.acknowledged}</dt>
          <dd data-testid="stats-acknowledged">{format.number(stats.acknowledged)}</dd>
        </div>
        <div>
          <dt>{panel.pending}</dt>
          <dd data-testid="stats-pending">{format.number(stats.pending)}</dd>
        </div>
        <div>
          <dt>{panel.dropped}</dt>
          <dd data-testid="stats-dropped">{format.number(dropped)}</dd>
        </div>
      </dl>
      <p className="balance" data-good={out === 0} data-testid="stats-balance">
        <Icon name={out === 0 ? 'check' : 'crash'} />
        {out === 0 ? panel.balanced : panel.unbalanced(format.number(out))}
        <span className="equation" aria-hidden="true">
          {[stats.acknowledged, stats.pending, dropped].map(format.number).join(' + ')} ={' '}
          {format.number(stats.acknowledged + stats.pending + dropped)}
        </span>
      </p>
      <dl className="facts">
        {reasons.length > 0 && (
          <>
            <dt>{panel.dropped}</dt>
            <dd data-testid="stats-dropped-reasons">
              {reasons
                .map(([reason, events]) => `${reasonText(reason, panel.reasons)} ${format.number(events)}`)
                .join(', ')}
            </dd>
          </>
        )}
        <dt>{panel.adopted}</dt>
        <dd>
          <span data-testid="stats-adopted">{format.number(stats.adopted)}</span>{' '}
          <span className="aside">{panel.adoptedHint}</span>
        </dd>
        <dt>{panel.queue}</dt>
        <dd data-testid="stats-outbox">
          {panel.batches(stats.outbox.batches)}, {format.bytes(stats.outbox.bytes)}
        </dd>
        <dt>{panel.storage}</dt>
        <dd data-testid="stats-storage">{stats.storage}</dd>
        {stats.lastError !== undefined && (
          <>
            <dt>{panel.lastError}</dt>
            <dd data-testid="stats-last-error">{stats.lastError}</dd>
          </>
        )}
      </dl>
    </>
  );
}
