import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** Days that the certificate made here is good for; `CertificateExpiresSoon` warns before it ends. */
const CERTIFICATE_DAYS = 397;

/** One file of the secrets: its name, and what is in it where it is not there yet. */
interface Secret {
  readonly name: string;
  readonly text: () => string;
}

const random = (): string => randomBytes(24).toString('hex');

async function makeCertificate(folder: string, names: readonly string[]): Promise<boolean> {
  const [certificate, key] = [join(folder, 'grafana.crt'), join(folder, 'grafana.key')];
  const [hasCertificate, hasKey] = [existsSync(certificate), existsSync(key)];
  if (hasCertificate !== hasKey) {
    const [there, missing] = hasKey ? [key, certificate] : [certificate, key];
    throw new Error(`${missing} is missing beside ${there}: put it there, or remove the other`);
  }
  if (hasCertificate) return false;
  const altNames = names.map((name) =>
    /^[\d.]+$|:/.test(name) ? ({ type: 7, ip: name } as const) : ({ type: 2, value: name } as const),
  );
  const made = await generate([{ name: 'commonName', value: names[0] ?? 'grafana' }], {
    keySize: 2_048,
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + CERTIFICATE_DAYS * 86_400_000),
    extensions: [{ name: 'subjectAltName', altNames: [...altNames] }],
  });
  write(certificate, made.cert);
  write(key, made.private);
  return true;
}

/** Readable for the users that containers run as; the folder around it keeps everybody else of the host out. */
function write(path: string, text: string): void {
  writeFileSync(path, text, { flag: 'wx' });
  chmodSync(path, 0o444);
}

/**
 * Makes the secrets of `compose.yaml` that are missing in `folder`, and returns their names. `host` is a name by which
 * Grafana is reached, besides localhost. What others issue, such as a bot's token, it cannot make: docs/alerting.md lists it.
 */
export async function makeSecrets(folder: string, host?: string): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  // Mounted as a whole, so that the container has to be able to list it.
  mkdirSync(join(folder, 'alertmanager'), { recursive: true });
  chmodSync(join(folder, 'alertmanager'), 0o755);

  /** What two servers have to agree upon: as it stands in the file of one, when there is one. */
  const agreed = (name: string, pattern: RegExp): string => {
    const path = join(folder, name);
    if (!existsSync(path)) return random();
    const found = pattern.exec(readFileSync(path, 'utf8'))?.[1];
    if (found === undefined) throw new Error(`${path}: expected ${pattern.source}`);
    return found;
  };
  const postgres = agreed('postgres_password', /^(\S+)\s*$/);
  const redis = agreed('redis.conf', /^requirepass (\S+)/m);
  const rabbitMq = agreed('rabbitmq.conf', /^default_pass = (\S+)/m);

  const secrets: readonly Secret[] = [
    { name: 'gateway_secret', text: random },
    { name: 'telemetry_secret', text: random },
    { name: 'postgres_password', text: () => postgres },
    {
      name: 'database_url',
      text: () => `postgres://artel:${encodeURIComponent(postgres)}@postgres:5432/artel`,
    },
    { name: 'redis.conf', text: () => `requirepass ${redis}\n` },
    { name: 'redis_url', text: () => `redis://:${encodeURIComponent(redis)}@redis:6379` },
    { name: 'redis_exporter.json', text: () => JSON.stringify({ 'redis://redis:6379': redis }) },
    { name: 'rabbitmq.conf', text: () => `default_user = artel\ndefault_pass = ${rabbitMq}\n` },
    { name: 'amqp_url', text: () => `amqp://artel:${encodeURIComponent(rabbitMq)}@rabbitmq:5672` },
    { name: 'grafana_admin_password', text: random },
  ];
  const made: string[] = [];
  for (const { name, text } of secrets) {
    const path = join(folder, name);
    if (existsSync(path)) continue;
    write(path, text());
    made.push(name);
  }
  const names = ['grafana', 'localhost', '127.0.0.1'];
  if (await makeCertificate(folder, host === undefined ? names : [host, ...names]))
    made.push('grafana.crt', 'grafana.key');
  return made;
}
