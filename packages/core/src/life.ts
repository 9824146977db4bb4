import type { Consent } from './consent';
import type { Contributions } from './contributions';
import type { Custody } from './keep/custody';
import type { Journal } from './keep/journal';
import type { Keeper } from './keep/keeper';
import { attempt, type Environment, isPrerendering, sleep, whenIdle } from './page/environment';
import { watchLifecycle } from './page/lifecycle';
import type { Session } from './page/session';
import { telegramWebApp } from './page/telegramBridge';
import type { Beacon } from './send/beacon';
import type { Books } from './send/books';
import type { LazyDelivery } from './send/delivery';
import type { Outbox } from './send/outbox';
import type { IntegrationHost, Telemetry } from './telemetry';
import type { User } from './user';

/** What happens to recorded events when the page starts, hides, returns and ends, and when its player consents. */
export interface Life extends Pick<Telemetry, 'setConsent' | 'flush' | 'flushAndClose' | 'shutdown'> {
  /** Begins to watch the page. */
  start(host: IntegrationHost): void;
}

/** Ms that `flushAndClose` waits for the gateway. */
const LAST_FLUSH = 300;

interface LifeDeps {
  readonly environment: Environment;
  readonly consent: Consent;
  readonly contributions: Contributions;
  readonly session: Session;
  readonly journal: Journal;
  readonly keeper: Keeper;
  readonly custody: Custody;
  readonly outbox: Outbox;
  readonly beacon: Beacon;
  readonly delivery: LazyDelivery;
  readonly books: Books;
  readonly user: User;
  /** Sends what there is, soon. */
  readonly kick: () => void;
}

export function createLife(deps: LifeDeps): Life {
  const { environment, consent, contributions, session, journal, keeper, outbox, delivery } = deps;
  let host: IntegrationHost | undefined;
  let stopWatching: (() => void) | undefined;
  let asleep = false;

  /** Takes over what earlier pages left, and watches Telegram's bridge, both of which come with the later chunk. */
  const adopt = async () => {
    if (!consent.mayKeep()) return;
    if (stopWatching) session.claim();
    const loaded = await delivery.load();
    loaded?.watchTelegram((event, data) => {
      contributions.onTelegramEvent(event, data);
      // Telegram puts the app aside while its document stays visible.
      if (event === 'visibility_changed') data.is_visible ? show() : hide(false);
    });
    await loaded?.adopt();
  };

  const hide = (last: boolean) => {
    contributions.beforeHide();
    if (!consent.mayKeep()) return;
    journal.seal(true);
    session.save(true);
    keeper.copy();
    if (deps.beacon.send(outbox.sendable(deps.user.id))) delivery.loaded()?.defer();
    else deps.kick();
    if (!last) return;
    asleep = true;
    delivery.loaded()?.sleep();
    deps.custody.release();
  };

  const show = () => {
    if (asleep && consent.mayKeep()) {
      asleep = false;
      // While this page slept another may have taken its records over: it begins anew and takes back what is free.
      delivery.loaded()?.wake();
      journal.renew();
    }
    void adopt();
  };

  /** Starts to watch the page, once that is allowed, and stores what has waited in memory. */
  const activate = () => {
    if (!host || isPrerendering(environment)) return;
    const refusal = consent.refusal();
    // A session outside the sample stays outside on the pages that follow.
    if (refusal === 'sampled') session.save(consent.mayKeep());
    if (refusal) return;
    stopWatching ??= watchLifecycle({ environment, onHide: hide, onShow: show });
    contributions.setUp(host);
    if (!consent.mayKeep()) return;
    if (keeper.unconfirmed.size) void keeper.put([...keeper.unconfirmed.values()]);
  };

  /** The same for a page that had to wait for consent or its activation. */
  const begin = () => {
    activate();
    journal.seal();
    void adopt();
  };

  const flush = async () => {
    journal.seal();
    if (consent.mayKeep()) await (await delivery.load())?.flush();
  };

  return {
    start(given) {
      host = given;
      activate();
      // A prerendered page counts once it is activated, if ever. https://wicg.github.io/nav-speculation/prerendering.html
      environment.document.addEventListener('prerenderingchange', begin);
      // What earlier pages left can wait until this page has started, and so can storage, whose first answer is slow.
      whenIdle(environment, adopt);
    },
    setConsent(granted) {
      const state = granted === true ? 'granted' : 'denied';
      if (consent.stopped || consent.state === state) return;
      consent.state = state;
      if (state === 'granted') return begin();
      delivery.loaded()?.stop();
      deps.books.drop('consent', journal.discard() + outbox.erase());
      // This also removes its lease from the device.
      delivery.loaded()?.sleep();
      session.save(false);
      // What earlier pages have left in the database.
      void delivery.load().then(() => consent.state === 'denied' && keeper.erase());
    },
    flush,
    async flushAndClose() {
      contributions.beforeHide();
      const flushed = flush();
      keeper.copy();
      await Promise.race([flushed, sleep(environment, LAST_FLUSH)]);
      attempt(() => {
        const webApp = telegramWebApp(environment);
        webApp.close ? webApp.close() : contributions.close();
      });
    },
    async shutdown() {
      if (consent.stopped) return;
      stopWatching?.();
      delivery.loaded()?.unwatch();
      contributions.stop();
      await flush();
      // What was recorded meanwhile.
      journal.seal(true);
      delivery.loaded()?.sleep();
      keeper.copy();
      session.save(consent.mayKeep());
      consent.stopped = true;
      delivery.loaded()?.stop();
      deps.custody.release();
    },
  };
}
