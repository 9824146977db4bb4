import { browserCatalogue, type Catalogue } from '@artel/telemetry-protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DestinationStream } from 'pino';
import { version } from '../package.json';
import { createAccess } from './access';
import { createAdmission } from './admit';
import { createApp, requireOrigin } from './app';
import { constantLabels, createBooks } from './books';
import { type Clock, systemClock } from './clock';
import { createCommitter, MAX_WAITING_BYTES } from './commit';
import type { GatewayConfig } from './config';
import { createCatalogues } from './declaredCatalogue';
import { createExemplarBook, exemplarsIn } from './exemplars';
import type { ExposedFamily } from './exposition';
import { createHanding } from './handing';
import { createHealth } from './health';
import { registerHealthRoutes } from './healthRoutes';
import type { Job, Staged } from './job';
import { createKnownPoints } from './knownPoints';
import { createOverload } from './limits/overload';
import type { PressureProbe } from './limits/pressure';
import { createRateLimits } from './limits/rateLimits';
import { createListener } from './listener';
import { createLive } from './live/createLive';
import { gatewayState } from './live/gatewayState';
import type { Grant } from './live/grant';
import { createLogger } from './logging';
import type { OriginRules } from './origin';
import { createOwnMetrics, type Gauges } from './ownMetrics';
import { registerReadRoutes } from './readRoutes';
import { createReceiver } from './receive';
import { createSharing, limitsSecretOf, warnOfHeld } from './redis/sharing';
import { resolveMetric } from './resolveMetric';
import { restartFields } from './restartFields';
import { createPseudonym, keptSecret } from './secret';
import { registerSentryTunnel } from './sentryTunnel';
import { openStore, type Store } from './store';
import { createReplayBook } from './telegram/replayBook';
import { registerSessionRoute } from './telegram/sessionRoute';
import { createSessions } from './telegram/sessions';
import { createTenantRegistry } from './tenants';

/** What a test may put in place of the real thing. */
export interface GatewayDeps {
  readonly catalogue?: Catalogue;
  readonly clock?: Clock;
  /** Opens what `dataDir` keeps. */
  readonly openStore?: (dataDir: string) => Store;
  readonly probe?: PressureProbe;
  /** Where log lines go instead of standard output. */
  readonly logStream?: DestinationStream;
}

/** A gateway whose store is open. */
export interface Gateway {
  /** Starts to answer; resolves with the address, such as `http://127.0.0.1:4320`. */
  listen(): Promise<string>;
  /** The address of the private listener, once it listens. */
  privateAddress(): string | undefined;
  /**
   * Goes on by another configuration: tenants, limits, tokens, log level and outputs change at once. Resolves, with the
   * names of the fields that will only count after a restart, once the outputs are those of the new one.
   */
  reload(config: GatewayConfig): Promise<readonly string[]>;
  /** Tells of a configuration that was not taken, in the log and the gateway's own metrics. */
  reloadFailed(problems: readonly string[]): void;
  /** Refuses new requests, ends those under way, and closes the store. What was answered 202 is kept. */
  close(): Promise<void>;
  readonly app: FastifyInstance;
}

/** A look at a thousand producers each: a day's millions of new ones must not outrun it. */
const SWEEP_MS = 1_000;
/** A store that cannot be written says so once in this time, and not with every batch. */
const FAILURE_LOG_MS = 10_000;

/**
 * Makes a gateway: opens the store in `config.dataDir` and reads its series. Throws when the store cannot be opened,
 * is of a newer format, or is open in another process.
 */
export function createGateway(initial: GatewayConfig, deps: GatewayDeps = {}): Gateway {
  const { catalogue = browserCatalogue, clock = systemClock } = deps;
  let config = initial;
  let tenants = createTenantRegistry(config.tenants);
  const catalogueOf = createCatalogues(catalogue, (id) => tenants.byId(id));
  let closing: Promise<void> | undefined;
  const logger = createLogger(config.logLevel, deps.logStream);
  const secret = config.secret ?? keptSecret(config.dataDir);
  const pseudonym = createPseudonym(secret);
  const store = (deps.openStore ?? openStore)(config.dataDir);

  const exemplars = createExemplarBook({ clock });
  const books = createBooks({
    store,
    catalogueOf,
    exemplars,
    capsOf: (tenant) => tenants.byId(tenant)?.limits ?? {},
  });
  const { read, parse, resolve } = createKnownPoints({
    resolve: (point, tenant) =>
      resolveMetric(point, {
        catalogue: catalogueOf(tenant.id),
        strict: tenant.strict,
        constantLabels: constantLabels(tenant).map(([name]) => name),
      }),
  });
  const health = createHealth({
    store,
    clock,
    version,
    redis: () => sharing?.parts(),
  });

  let failureLogged = Number.NEGATIVE_INFINITY;
  const commitFailed = (error: unknown): void => {
    health.commitFailed();
    if (clock.elapsed() < failureLogged + FAILURE_LOG_MS) return;
    failureLogged = clock.elapsed();
    logger.error({ err: error }, 'commit failed');
  };
  const observe = (job: Job, { outcome, deltas, records }: Staged): void => {
    const { tenant, batch } = job;
    if (outcome.kind === 'counted') {
      exemplars.note(
        tenant.id,
        exemplarsIn(batch, (point) => resolve(point, tenant), clock.now()),
      );
    }
    live.observe({
      tenant: tenant.id,
      at: clock.now(),
      ...(batch.producer === undefined ? {} : { producer: batch.producer }),
      deltas,
      records,
      accepted: outcome.kind === 'counted' ? outcome.accepted : 0,
      rejected: outcome.kind === 'duplicate' ? 0 : outcome.rejected.length,
      duplicate: outcome.kind === 'duplicate',
    });
    if (records.length > 0) handing.nudge();
  };
  const committer = createCommitter({
    store,
    books,
    clock,
    resolve,
    pseudonym,
    queueLimit: () => config.queueLimit,
    ledgerDays: () => config.ledgerDays,
    storeMaxBytes: () => config.storeMaxBytes,
    outputs: () => handing.outputs(),
    onCommit: (seconds, queueDropped) => metrics.commit(seconds, queueDropped),
    onFailure: commitFailed,
    onAdded: (tenant, deltas) => live.add(tenant, deltas, clock.now()),
    onCounted(job, staged) {
      try {
        observe(job, staged);
      } catch (error) {
        // The batch is counted and shall be answered.
        logger.error({ err: error }, 'a counted batch could not be shown');
      }
    },
  });
  const sharing = config.redis
    ? createSharing({
        settings: config.redis,
        hasSecret: config.secret !== undefined,
        committer,
        store,
        catalogueOf,
        ledgerDays: () => config.ledgerDays,
        clock,
        logger,
      })
    : undefined;
  if (!sharing) warnOfHeld(store, logger);
  const allFamilies = (): ExposedFamily[] => [...books.families(tenants.all), ...ownFamilies()];
  const handing = createHanding(config.outputs, {
    queue: { read: store.read, ends: committer.ends },
    cursors: committer,
    clock,
    logger,
    tenant: (id) => tenants.byId(id),
    metricsSource: allFamilies,
  });
  const overload = createOverload({
    bounds: () => config.overload,
    waiting: { bytes: committer.waitingBytes, limit: MAX_WAITING_BYTES },
    clock,
    ...(deps.probe ? { probe: deps.probe } : {}),
    onChange: (reason) =>
      logger.warn({ reason }, reason ? 'overloaded: requests are answered 503' : 'overload is over'),
  });
  const pages = () =>
    tenants.all.flatMap(({ id }) => [...books.of(id).pages()].map((page) => ({ id, page })));
  const gauges: Gauges = {
    series: () => pages().reduce((sum, { page }) => sum + page.series.size, 0),
    seriesByMetric: () =>
      pages().map(({ id, page }) => ({
        labels: [
          ['metric', page.family.name],
          ['tenant', id],
        ],
        value: page.series.size,
      })),
    queueRecords: committer.queueRecords,
    tenants: () => tenants.all.length,
    producers: store.producers,
    storeBytes: store.usedBytes,
    storeMaxBytes: () => config.storeMaxBytes,
  };
  const metrics = createOwnMetrics(gauges, clock);
  const ownFamilies = (): ExposedFamily[] => [
    ...metrics.families(),
    ...rates.families(),
    ...overload.families(),
    ...handing.families(),
    ...live.families(),
    ...(sharing?.families() ?? []),
  ];

  const live = createLive({
    clock,
    catalogue,
    tenants: () => tenants.all.map(({ id }) => id),
    state: (tenant) =>
      gatewayState(
        {
          lag: handing.lag(),
          queue: { records: committer.queueRecords(), limit: config.queueLimit },
        },
        tenant === undefined ? undefined : tenants.byId(tenant),
      ),
    onError: (error) => logger.error({ err: error }, 'live page'),
  });

  const rates = createRateLimits({
    secret: limitsSecretOf(config) ?? secret,
    ...(sharing ? { limiters: sharing.limiters } : {}),
    tenants: () => tenants.all.map(({ id }) => id),
    onFailure: (error) => logger.error({ err: error }, 'rate limits cannot be asked'),
  });
  const admission = createAdmission({
    overload,
    rates,
    bounds: () => config.overload,
    addressRate: () => config.limits.addressRate,
  });
  const sessions = createSessions({
    secrets: config.previousSecret === undefined ? [secret] : [secret, config.previousSecret],
    clock,
    replays: createReplayBook({ clock }),
    onExchange: (outcome) => metrics.signIn(outcome),
    onFailure: (error) => logger.error({ err: error }, 'sign-in failed'),
  });
  const receive = createReceiver({
    committer: sharing ?? committer,
    metrics,
    admission,
    readPoint: read,
    parse,
    rates,
    sessions,
    clock,
    limits: () => config.limits,
    tenants: () => tenants,
  });

  const rulesOf = (origins: readonly string[]): OriginRules => ({
    origins,
    environment: config.environment,
  });
  const allOrigins = (): readonly string[] => tenants.all.flatMap(({ origins }) => origins);
  let originsOfAll = allOrigins();
  /** Until the body is read, a page of any tenant's origin may read the answer; then one of its own tenant's only. */
  const requireOwnOrigin = (id: string, request: FastifyRequest, reply: FastifyReply): void => {
    const tenant = tenants.byId(id);
    requireOrigin(request, reply, rulesOf(tenant?.origins ?? []));
  };
  const registerIngest = (app: FastifyInstance): void => {
    app.post('/api/metrics', async (request, reply) => {
      const answer = await receive(request, ({ id }) => requireOwnOrigin(id, request, reply));
      return reply.code(202).send(answer);
    });
    const { admit } = admission;
    registerSessionRoute(app, {
      sessions,
      tenantOf: (key) => tenants.byKey(key),
      onTenant: requireOwnOrigin,
      admit,
    });
    registerSentryTunnel(app, {
      tenants: () => tenants.all,
      admit,
      onEnvelope: (outcome) => metrics.envelope(outcome),
    });
  };
  const familiesFor = ({ tenants: granted }: Grant): ExposedFamily[] =>
    granted === 'all' ? allFamilies() : books.families(tenants.all.filter(({ id }) => granted.includes(id)));
  const registerReading = (app: FastifyInstance, isPrivate: boolean): void =>
    registerReadRoutes(app, {
      access: createAccess(() => config),
      rates,
      live,
      families: familiesFor,
      secret,
      isPrivate,
    });
  const isClosing = (): boolean => closing !== undefined;
  const newApp = (originRules: () => OriginRules): FastifyInstance => {
    const app = createApp({ logger, config, clock, originRules, isClosing });
    registerHealthRoutes(app, health);
    return app;
  };

  const app = newApp(() => rulesOf(originsOfAll));
  registerIngest(app);
  const listeners = [createListener(app, config, clock)];
  const { listen: privatePlace } = config.admin;
  if (privatePlace === undefined) registerReading(app, false);
  else {
    const privateApp = newApp(() => ({ origins: [], environment: 'production' }));
    registerReading(privateApp, true);
    listeners.push(createListener(privateApp, privatePlace, clock));
  }
  let privateAddress: string | undefined;

  let erasures = store.erasures();
  /** What `artel-gateway erase` has taken out of the store may be in memory still: on the live page, in a request. */
  const forgetErased = async (): Promise<void> => {
    const now = store.erasures();
    if (now === erasures) return;
    erasures = now;
    live.forget();
    await handing.replace(config.outputs);
    logger.info({ erasures }, 'somebody was erased');
  };
  const sweeper = setInterval(() => {
    forgetErased().catch((error: unknown) => logger.error({ err: error }, 'memory of the erased'));
    committer.sweep().catch((error: unknown) => logger.error({ err: error }, 'ledger sweep failed'));
  }, SWEEP_MS);
  sweeper.unref();

  const close = async (): Promise<void> => {
    health.shuttingDown();
    clearInterval(sweeper);
    try {
      await Promise.all(listeners.map((listener) => listener.close()));
      await handing.close();
      await sharing?.close();
      await committer.idle();
    } finally {
      live.close();
      overload.close();
      await store.close();
    }
  };

  return {
    app,
    async listen() {
      await sharing?.start();
      const [address = '', privateOne] = await Promise.all(listeners.map((listener) => listener.listen()));
      privateAddress = privateOne;
      handing.start();
      return address;
    },
    privateAddress: () => privateAddress,
    async reload(next) {
      const restart = restartFields(initial, next);
      const { outputs } = config;
      config = next;
      tenants = createTenantRegistry(next.tenants);
      originsOfAll = allOrigins();
      logger.level = next.logLevel;
      metrics.reload('taken');
      logger.info({ tenants: next.tenants.length }, 'configuration read again');
      for (const field of restart) logger.warn({ field }, 'this field counts after a restart only');
      if (JSON.stringify(outputs) !== JSON.stringify(next.outputs)) await handing.replace(next.outputs);
      return restart;
    },
    reloadFailed(problems) {
      metrics.reload('refused');
      logger.error({ problems }, 'configuration not taken, the old one goes on');
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}
