import { useTexts } from '../i18n/useTexts';

interface Props {
  /** What failed; the whole app when left out. */
  readonly title?: string;
  /** Id of the report, for the player to quote. */
  readonly eventId: string;
  readonly onRetry: () => void;
}

/** What a player sees in place of a part that failed. */
export function Crash({ title, eventId, onRetry }: Props) {
  const { crash } = useTexts().texts;
  return (
    <div className="card crash" role="alert" data-testid="boundary-fallback">
      <svg className="crash-cue" viewBox="0 0 160 48" aria-hidden="true">
        <path d="M6 40 72 25l-3-5 7 1" className="cue-butt" />
        <path d="M84 27l7-3-1-5 64-13" className="cue-tip" />
        <path d="M76 12l3 5M84 10l-1 6M80 36l0-6" className="cue-spark" />
      </svg>
      <h2>{title ?? crash.app}</h2>
      <p className="hint">
        {crash.recorded} <code data-testid="event-id">{eventId.slice(0, 8)}</code>
      </p>
      <button type="button" className="button primary" data-testid="try-again" onClick={onRetry}>
        {crash.retry}
      </button>
    </div>
  );
}
