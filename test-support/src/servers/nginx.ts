import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing, pathOf } from '../programs/findProgram';
import { freePort } from '../programs/port';
import { type RunningServer, serverFolder, startServer } from './runningServer';

/** Where there is no nginx the tests are skipped; in CI they fail. */
export const withoutNginx = isMissing('nginx');

/** Starts a real nginx with what `configure` makes of its port and its folder: the text of its `server` blocks. */
export async function startNginx(
  configure: (place: { readonly port: number; readonly folder: string }) => string,
): Promise<RunningServer> {
  const folder = serverFolder('nginx');
  const port = await freePort();
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  const config = join(folder, 'nginx.conf');
  writeFileSync(
    config,
    `daemon off; pid ${join(folder, 'pid')}; error_log stderr notice; ${process.getuid?.() === 0 ? 'user root;' : ''}
events {}
http { include /etc/nginx/mime.types; access_log off; ${places.join(' ')}
${configure({ port, folder })} }`,
  );
  return startServer(
    {
      name: 'nginx',
      command: pathOf('nginx'),
      args: ['-p', folder, '-e', 'stderr', '-c', config],
      ready: /start worker process \d+/,
    },
    { port, url: `http://127.0.0.1:${port}`, folder },
  );
}
