import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { startBlackboxExporter } from './exporters';

/** A server with a certificate, and the blackbox exporter that looks at it. */
export interface CertificateProbe {
  /** Where the exporter answers. */
  readonly url: string;
  /** What it is to connect to. */
  readonly target: string;
  close(): Promise<void>;
}

function makeCertificate(folder: string): { readonly key: string; readonly certificate: string } {
  const key = join(folder, 'key.pem');
  const certificate = join(folder, 'certificate.pem');
  const { status, stderr } = spawnSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '90',
      ],
      ...[
        '-keyout',
        key,
        '-out',
        certificate,
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=IP:127.0.0.1',
      ],
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`openssl made no certificate: ${stderr}`);
  return { key, certificate };
}

/** Starts both. The exporter has the repository's modules, and trusts this one certificate. */
export async function startCertificate(): Promise<CertificateProbe> {
  const folder = mkdtempSync(join(tmpdir(), 'artel-certificate-'));
  const { key, certificate } = makeCertificate(folder);
  const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');

  const config = parse(
    readFileSync(new URL('../../../observability/blackbox/blackbox.yml', import.meta.url), 'utf8'),
  );
  config.modules.tls_connect.tcp.tls_config = { ca_file: certificate };
  const exporter = await startBlackboxExporter(stringify(config));
  return {
    url: exporter.url,
    target: `127.0.0.1:${address.port}`,
    async close() {
      await exporter.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
