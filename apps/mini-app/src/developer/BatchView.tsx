import { useState } from 'react';
import { useTexts } from '../i18n/useTexts';
import type { Line } from './decodeBatch';
import type { LastBatch } from './useLastBatch';
import type { Passage } from './wire';

function useAnswerText(): (passage: Passage) => string {
  const { panel } = useTexts().texts;
  return ({ answer }) => {
    if (typeof answer === 'number') return String(answer);
    return { 'under way': panel.underWay, 'handed over': panel.handedOver, failed: panel.failed }[answer];
  };
}

/** The newest batch, as people read it, and as it is. */
export function BatchView({ last: { passage, batch, unreadable } }: { readonly last: LastBatch }) {
  const {
    texts: { panel },
    format,
  } = useTexts();
  const [copied, setCopied] = useState<'done' | 'failed'>();
  const answerText = useAnswerText();

  if (!passage) return <p className="hint">{panel.noBatch}</p>;

  const copy = async (json: string) => {
    try {
      await navigator.clipboard.writeText(json);
      setCopied('done');
    } catch {
      // Not served over https, or a WebView that forbids it.
      setCopied('failed');
    }
  };

  return (
    <div className="batch" data-testid="last-batch">
      <div className="batch-head">
        <p>
          <span className="status" data-good={passage.answer === 202} data-testid="last-batch-answer">
            {answerText(passage)}
          </span>{' '}
          {passage.via === 'beacon' ? panel.beacon : panel.fetch}
          <span className="hint">
            {format.time(passage.at)}, {format.bytes(passage.bytes)}
          </span>
        </p>
        {batch && (
          <button
            type="button"
            className="button small"
            data-testid="copy-batch"
            onClick={() => copy(batch.json)}
          >
            {copied === 'done' ? panel.copied : panel.copy}
          </button>
        )}
      </div>
      {unreadable && <p className="hint">{panel.unreadable}</p>}
      {batch && (
        <>
          <Lines title={panel.metrics} lines={batch.metrics} testId="batch-metrics" />
          <Lines title={panel.logs} lines={batch.logs} testId="batch-logs" />
          <Lines title={panel.spans} lines={batch.spans} testId="batch-spans" />
          {batch.dropped.length > 0 && (
            <Lines title={panel.dropped} lines={batch.dropped} testId="batch-dropped" />
          )}
          <p className="hint" role="status">
            {copied === 'failed' && panel.notCopied}
          </p>
          {/* Opened when the clipboard is shut, for the player to copy by hand. */}
          <details className="raw" open={copied === 'failed'}>
            <summary>{panel.raw}</summary>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and has to by keyboard too */}
            <pre data-testid="batch-json" tabIndex={0}>
              {batch.json}
            </pre>
          </details>
        </>
      )}
    </div>
  );
}

interface LinesProps {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly testId: string;
}

function Lines({ title, lines, testId }: LinesProps) {
  const { texts, format } = useTexts();
  return (
    <section className="lines" data-testid={testId} aria-label={title}>
      <h3>
        {title} <span className="hint">{format.number(lines.length)}</span>
      </h3>
      {lines.length === 0 ? (
        <p className="hint">{texts.panel.none}</p>
      ) : (
        <ul>
          {lines.map(({ name, value, detail }, at) => (
            <li key={at}>
              <span className="line-name">{name}</span> <span className="line-value">{value}</span>
              {detail && <span className="line-detail">{detail}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
