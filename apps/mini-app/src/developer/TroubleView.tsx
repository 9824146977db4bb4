import { useTelemetry } from '@artel/telemetry-react';
import { useState, useSyncExternalStore } from 'react';
import { Switch } from '../components/Switch';
import { useTexts } from '../i18n/useTexts';
import { readPlatform } from './platform';
import { call, flood, rejectUnheard } from './trouble';
import type { Wire } from './wire';

interface Props {
  readonly wire: Wire;
  /** Makes a component of the page throw. */
  readonly onCrash: () => void;
  /** Reloads the page without a word to anybody in it. */
  readonly onKill: () => void;
  /** Something happened that the books show. */
  readonly onDone: () => void;
}

interface Deed {
  readonly name: string;
  readonly title: string;
  readonly hint: string;
  readonly run: () => void | Promise<void>;
}

/** Everything that goes wrong for players one day, on demand. */
export function TroubleView({ wire, onCrash, onKill, onDone }: Props) {
  const { panel } = useTexts().texts;
  const telemetry = useTelemetry();
  const offline = useSyncExternalStore(wire.subscribe, wire.offline);
  const [busy, setBusy] = useState<string>();
  const [done, setDone] = useState<string>();

  const switchOffline = (on: boolean) => {
    wire.setOffline(on);
    // The network is back: there is no need to sit out the backoff.
    if (!on) void telemetry.flush().then(onDone);
  };

  const deeds: readonly Deed[] = [
    { name: 'crash', title: panel.crash, hint: panel.crashHint, run: onCrash },
    { name: 'rejection', title: panel.rejection, hint: panel.rejectionHint, run: rejectUnheard },
    { name: 'slow', title: panel.slow, hint: panel.slowHint, run: () => call('/api/game/slow?ms=1200') },
    { name: 'failing', title: panel.failing, hint: panel.failingHint, run: () => call('/api/game/broken') },
    { name: 'flood', title: panel.flood, hint: panel.floodHint, run: () => flood(telemetry) },
    { name: 'kill', title: panel.kill, hint: panel.killHint, run: onKill },
    ...(readPlatform(window).telegram
      ? [{ name: 'quit', title: panel.quit, hint: panel.quitHint, run: () => telemetry.flushAndClose() }]
      : []),
  ];

  const act = async ({ name, title, run }: Deed) => {
    setBusy(name);
    await run();
    setBusy(undefined);
    setDone(title);
    onDone();
  };

  return (
    <>
      <Switch
        label={panel.offline}
        hint={panel.offlineHint}
        on={offline}
        testId="trouble-offline"
        onChange={switchOffline}
      />
      <div className="deeds">
        {deeds.map((deed) => (
          <button
            key={deed.name}
            type="button"
            className="probe"
            data-testid={`trouble-${deed.name}`}
            aria-disabled={busy === deed.name}
            onClick={() => busy !== deed.name && act(deed)}
          >
            <strong>{deed.title}</strong>
            <span className="hint">{deed.hint}</span>
          </button>
        ))}
      </div>
      <p className="hint done" role="status" data-testid="trouble-done">
        {done !== undefined && panel.done(done)}
      </p>
    </>
  );
}
