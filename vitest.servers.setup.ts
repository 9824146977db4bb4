import { laterServers } from '@artel/test-support/servers/laterServers';

/** Puts the servers of a later Debian in place of the machine's own, for all test files of a run. */
export default function useLaterServers(): void {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const servers = laterServers(say);
  if ('missing' in servers) throw new Error(`no Prometheus 3 and Alertmanager 0.30: ${servers.missing}`);
  const version = (name: string) => servers.versions[name]?.replace(/[-+].*$/, '');
  say(`Prometheus ${version('prometheus')}, Alertmanager ${version('prometheus-alertmanager')}`);
  Object.assign(process.env, servers.programs);
}
