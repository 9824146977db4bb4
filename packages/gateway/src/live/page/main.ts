import { lines, type Update } from '../wire';
import { createCharts } from './charts';
import { createDeliveryPanel } from './deliveryPanel';
import { byId, setText } from './element';
import { createEndpointsPanel } from './endpointsPanel';
import { createErrorsPanel } from './errorsPanel';
import { timeOfDay } from './format';
import { createLogsPanel } from './logsPanel';
import { createModel, type Model } from './model';
import { createPlayersPanel } from './playersPanel';
import { createSignIn } from './signIn';
import { type Connection, createStream } from './stream';
import { createTenantChoice } from './tenantChoice';
import { createTiles } from './tiles';
import { createVitalsPanel } from './vitalsPanel';

const element = (id: string): HTMLElement => byId(id, HTMLElement);

function hasNothing(model: Model, { logs, errors, vitals }: Update): boolean {
  if (logs.length > 0 || errors.length > 0) return false;
  return (
    lines.every((line) => model.total(line) === 0) && Object.values(vitals).every(({ count }) => count === 0)
  );
}

const statusTexts: Readonly<Record<Connection['kind'], string>> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Reconnecting',
  resting: 'Resting',
  locked: 'Signed out',
};

function start(): void {
  let model = createModel();
  let span = 300;
  let isDrawn = true;

  const charts = createCharts();
  const showTiles = createTiles(element('tiles'));
  const showVitals = createVitalsPanel(element('vitals'));
  const showErrors = createErrorsPanel(element('errors'), element('errors-note'));
  const showPlayers = createPlayersPanel(element('players'));
  const showEndpoints = createEndpointsPanel(element('endpoints'));
  const showDelivery = createDeliveryPanel(element('delivery'));
  const logs = createLogsPanel({
    list: element('logs'),
    note: element('logs-note'),
    level: byId('logs-level', HTMLSelectElement),
    text: byId('logs-text', HTMLInputElement),
    pause: byId('logs-pause', HTMLButtonElement),
  });

  const draw = (): void => {
    isDrawn = true;
    const latest = model.latest();
    if (!latest) return;
    const isEmpty = hasNothing(model, { ...latest, logs: model.logs(), errors: model.errors() });
    element('empty').hidden = !isEmpty;
    element('rates-body').hidden = isEmpty;
    showTiles(model);
    charts.draw(model, span);
    showVitals(latest.vitals);
    showErrors(model.errors(), latest.now);
    showPlayers(latest);
    showEndpoints(latest.endpoints, latest.timings.api.most);
    showDelivery(latest.delivery);
    logs.show(model.logs(), latest.logsSkipped);
    document.body.dataset['ready'] = '';
  };
  /** At the next frame, and not at all while nobody can see it. */
  const invalidate = (): void => {
    if (!isDrawn) return;
    isDrawn = false;
    requestAnimationFrame(draw);
  };

  const status = element('status');
  const showConnection = (connection: Connection): void => {
    const { kind } = connection;
    status.dataset['state'] = kind;
    const latest = model.latest();
    const since = kind === 'lost' && latest ? ` · last heard ${timeOfDay(latest.now)}` : '';
    setText(element('status-text'), statusTexts[kind]);
    setText(element('status-since'), since);
    status.title = connection.kind === 'lost' ? connection.reason : '';
    document.body.dataset['connection'] = kind;
    element('main').hidden = kind === 'locked';
    element('span').hidden = kind === 'locked';
    if (kind === 'locked') {
      element('tenant-field').hidden = true;
      element('sign-out').hidden = true;
    }
    signIn.show(kind === 'locked');
  };

  const restart = (): void => {
    model = createModel();
    logs.reset();
    stream.restart();
  };
  const signIn = createSignIn(
    {
      view: element('sign-in'),
      form: byId('sign-in-form', HTMLFormElement),
      token: byId('token', HTMLInputElement),
      problem: element('sign-in-problem'),
      signOut: byId('sign-out', HTMLButtonElement),
    },
    restart,
  );
  const tenants = createTenantChoice(element('tenant-field'), byId('tenant', HTMLSelectElement), restart);
  const stream = createStream({
    tenant: tenants.chosen,
    onState(state) {
      tenants.offer(state);
      element('sign-out').hidden = !state.signedIn;
    },
    onUpdate(update) {
      model.apply(update);
      invalidate();
    },
    onConnection: showConnection,
  });

  element('span').addEventListener('change', (event) => {
    if (event.target instanceof HTMLInputElement) span = Number(event.target.value);
    invalidate();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => charts.recolour());
  const endpoint = new URL('api/metrics', location.href);
  const example = '{"metrics":[{"name":"user_action_total","labels":{"action":"hello","page":"/"}}]}';
  setText(element('empty-command'), `curl ${endpoint.origin}${endpoint.pathname} -d '${example}'`);
  stream.restart();
}

start();
