import { useTelemetry } from '@artel/telemetry-react';
import { type KeyboardEvent, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Icon } from '../components/Icon';
import { useTexts } from '../i18n/useTexts';
import { BatchView } from './BatchView';
import { BooksView } from './BooksView';
import { ContextView } from './ContextView';
import { TroubleView } from './TroubleView';
import { useLastBatch } from './useLastBatch';
import { useStats } from './useStats';
import type { Wire } from './wire';

const views = ['books', 'batch', 'trouble', 'context'] as const;
type View = (typeof views)[number];

interface Props {
  readonly wire: Wire;
  /** Name under which telemetry knows the page. */
  readonly page: string;
  readonly onCrash: () => void;
  readonly onKill: () => void;
  readonly onClose: () => void;
}

/** Where an arrow key leads in a row of tabs: around its ends, as the ARIA practices have it. */
function nextView(view: View, key: string): View | undefined {
  const at = views.indexOf(view);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: views.length - 1 }[key];
  return to === undefined ? undefined : views[(to + views.length) % views.length];
}

/** The telemetry of this page, live: what a developer looks at, and does to it, while trying the app. */
export function DevPanel({ wire, page, onCrash, onKill, onClose }: Props) {
  const { panel } = useTexts().texts;
  const telemetry = useTelemetry();
  const [stats, look] = useStats();
  const last = useLastBatch(wire);
  const offline = useSyncExternalStore(wire.subscribe, wire.offline);
  const [view, setView] = useState<View>('books');
  const [flushing, setFlushing] = useState(false);
  const tabs = useRef(new Map<View, HTMLButtonElement>());

  // Whoever opens the panel goes on in it.
  useEffect(() => tabs.current.get('books')?.focus({ preventScroll: true }), []);

  const flush = async () => {
    setFlushing(true);
    await telemetry.flush();
    setFlushing(false);
    look();
  };

  const handleTabKey = (event: KeyboardEvent) => {
    const next = nextView(view, event.key);
    if (!next) return;
    event.preventDefault();
    setView(next);
    tabs.current.get(next)?.focus();
  };

  return (
    <section
      id="stats-panel"
      className="panel"
      aria-label={panel.label}
      data-testid="stats-panel"
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <div className="panel-head">
        <h2>{panel.label}</h2>
        {offline && (
          <span className="chip" data-testid="offline-chip">
            <Icon name="offline" />
            {panel.offline}
          </span>
        )}
        <button
          type="button"
          className="button small"
          data-testid="stats-flush"
          disabled={flushing}
          onClick={flush}
        >
          {flushing ? panel.flushing : panel.flush}
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label={panel.closeLabel}
          data-testid="stats-close"
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </div>
      <div className="views" role="tablist" aria-label={panel.viewsLabel}>
        {views.map((name) => (
          <button
            key={name}
            ref={(tab) => {
              if (tab) tabs.current.set(name, tab);
            }}
            type="button"
            role="tab"
            id={`view-${name}`}
            className="view-tab"
            aria-selected={name === view}
            aria-controls="panel-view"
            tabIndex={name === view ? 0 : -1}
            data-testid={`view-${name}`}
            onClick={() => setView(name)}
            onKeyDown={handleTabKey}
          >
            {panel.views[name]}
          </button>
        ))}
      </div>
      <div
        id="panel-view"
        className="panel-view"
        role="tabpanel"
        aria-labelledby={`view-${view}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and has to by keyboard too
        tabIndex={0}
      >
        {view === 'books' && <BooksView stats={stats} />}
        {view === 'batch' && <BatchView last={last} />}
        {view === 'trouble' && <TroubleView wire={wire} onCrash={onCrash} onKill={onKill} onDone={look} />}
        {view === 'context' && <ContextView stats={stats} last={last} page={page} />}
      </div>
    </section>
  );
}
