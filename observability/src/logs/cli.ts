// `npm run logs -- ask slow-requests`: logs for those who run without Loki.
import { askQuestion, findQuestion, parametersOf } from './askQuestion';
import { collectLoop } from './collectLoop';
import {
  type CommandLine,
  isUsage,
  optionText,
  optionTexts,
  readAsked,
  readCommandLine,
  readFormat,
  readLabels,
  readListener,
  readStoreOptions,
  UsageError,
} from './commandLine';
import { questions } from './questions';
import { readRange } from './readRange';
import { serveLogs } from './serveLogs';
import { showAnswers } from './showAnswers';
import { type LineStore, openLineStore } from './store/lineStore';
import { collectFiles } from './tail/collectFiles';
import { collectStream } from './tail/collectStream';
import { toLogql } from './toLogql';

const SWEEP_MS = 60_000;

const say = (text: string): void => void process.stdout.write(text);
const complain = (text: string): void => void process.stderr.write(`artel-logs: ${text}\n`);

function help(): string {
  const list = Object.entries(questions).map(([name, { title }]) => {
    const own = Object.keys(parametersOf(findQuestion(name))).map((one) =>
      one.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    );
    return `  ${name.padEnd(18)} ${title}\n${' '.repeat(21)}--${own.join(' --')}`;
  });
  return `artel-logs collect [FILE|PATTERN … | -]   keeps the lines of files that grow, or of standard input
           --once                        ends when all that is there is kept
           --environment --service       of lines that do not say it
artel-logs serve                          takes what is pushed as to Loki, and answers questions by HTTP
           --port 3110 --host 127.0.0.1 --token-file FILE (or ARTEL_LOGS_TOKEN)
           --collect PATTERN             collects files as well
artel-logs ask QUESTION                   --since 1h | --from TIME --to TIME, --limit 100, --format text|json
artel-logs logql QUESTION                 the same question for Loki
artel-logs erase --user-id ID             takes the lines of a user out, by pseudonym; for good
artel-logs stats                          what is kept, and what was let go

All: --data FOLDER (or ARTEL_LOGS_DATA, .data/logs) --keep 7d --max-bytes 1GiB

Questions, and what narrows them:
${list.join('\n')}
`;
}

function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

function sweepNow(store: LineStore): void {
  store
    .sweep(BigInt(Date.now()) * 1_000_000n)
    .catch((error: unknown) => complain(`old lines could not be removed: ${String(error)}`));
}

/** Opens the store for a process that writes; what is too old goes at once, and each minute. */
async function withStore(line: CommandLine, work: (store: LineStore) => Promise<void>): Promise<void> {
  const store = openLineStore(readStoreOptions(line, process.env));
  sweepNow(store);
  const timer = setInterval(() => sweepNow(store), SWEEP_MS);
  try {
    await work(store);
  } finally {
    clearInterval(timer);
    await store.close();
  }
}

function fileCollector(line: CommandLine, store: LineStore, patterns: readonly string[]) {
  return collectFiles({ store, patterns, labels: readLabels(line, 'files'), now: Date.now, complain });
}

async function collect(line: CommandLine): Promise<void> {
  const patterns = line.rest.filter((one) => one !== '-');
  if (line.rest.length === 0)
    throw new UsageError('collect: expected files, patterns, or - for standard input');
  await withStore(line, async (store) => {
    const input = line.rest.includes('-')
      ? collectStream({ store, input: process.stdin, labels: readLabels(line, 'stdin'), now: Date.now })
      : undefined;
    const files =
      patterns.length > 0
        ? collectLoop(fileCollector(line, store, patterns), {
            signal: stopSignal(),
            isOnce: line.options['once'] === true,
            complain,
          })
        : undefined;
    await Promise.all([input, files]);
  });
}

async function serve(line: CommandLine): Promise<void> {
  const { host, port, token } = readListener(line, process.env);
  const patterns = optionTexts(line, 'collect');
  const signal = stopSignal();
  await withStore(line, async (store) => {
    const app = serveLogs({ store, token, now: Date.now });
    say(`artel-logs listening on ${await app.listen({ host, port })}\n`);
    const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    const files =
      patterns.length > 0
        ? collectLoop(fileCollector(line, store, patterns), { signal, isOnce: false, complain })
        : undefined;
    await Promise.all([ended, files]);
    await app.close();
  });
}

function questionOf({ command, rest }: CommandLine): string {
  const [name, ...others] = rest;
  if (name !== undefined && others.length === 0) return name;
  throw new UsageError(`${command}: expected one of ${Object.keys(questions).join(', ')}`);
}

async function ask(line: CommandLine): Promise<void> {
  const query = askQuestion(questionOf(line), readAsked(line));
  const [since, from, to, limit] = ['since', 'from', 'to', 'limit'].map((name) => optionText(line, name));
  const range = readRange({ since, from, to, limit }, Date.now());
  const format = readFormat(line);
  const store = openLineStore({ ...readStoreOptions(line, process.env), readOnly: true });
  try {
    say(showAnswers(store.ask(query, range), format));
  } finally {
    await store.close();
  }
}

async function stats(line: CommandLine): Promise<void> {
  const store = openLineStore({ ...readStoreOptions(line, process.env), readOnly: true });
  say(`${JSON.stringify(store.stats(), undefined, 2)}\n`);
  await store.close();
}

async function erase(line: CommandLine): Promise<void> {
  const users = optionTexts(line, 'user-id');
  if (users.length === 0) throw new UsageError('erase: expected --user-id, a pseudonym');
  await withStore(line, async (store) => {
    say(`${await store.erase(new Set(users))} lines erased\n`);
  });
}

const commands: Readonly<Record<string, (line: CommandLine) => Promise<void>>> = {
  collect,
  serve,
  ask,
  stats,
  erase,
  logql: async (line) => say(`${toLogql(askQuestion(questionOf(line), readAsked(line)))}\n`),
  help: async () => say(help()),
};

async function main(): Promise<void> {
  const line = readCommandLine(process.argv.slice(2));
  const command = commands[line.command];
  if (!command) {
    throw new UsageError(
      `expected one of ${Object.keys(commands).join(', ')}, got ${JSON.stringify(line.command)}`,
    );
  }
  await command(line);
}

main().then(
  () => process.exit(process.exitCode ?? 0),
  (error: unknown) => {
    complain(error instanceof Error ? error.message : String(error));
    process.exit(isUsage(error) ? 2 : 1);
  },
);
